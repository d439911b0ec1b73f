// Iteration, pattern matching, `with`, and exceptions.
#include "support/helpers_common.h"
#include <utility>

namespace od::helper {
namespace {

// The exception that a bare `raise` finds: the innermost handled one, also of the generators' callers.
PyObject* handledException(PyThreadState* ts) {
  _PyErr_StackItem* e = ts->exc_info;
  while ((!e->exc_value || e->exc_value == Py_None) && e->previous_item) e = e->previous_item;
  return e->exc_value == Py_None ? nullptr : e->exc_value;
}

// The class called without arguments, as `raise` does it: an exception instance, or null.
PyObject* instantiate(PyObject* cls) {
  PyObject* e = PyObject_CallNoArgs(cls);
  if (!e || PyExceptionInstance_Check(e)) return e;
  PyErr_Format(PyExc_TypeError, "calling %R should have returned an instance of BaseException, not %R", cls, Py_TYPE(e));
  Py_DECREF(e);
  return nullptr;
}

// Attaches the cause, which is consumed in every case.
bool attachCause(PyObject* exc, PyObject* cause) {
  if (PyExceptionClass_Check(cause)) {
    PyObject* e = instantiate(cause);
    Py_DECREF(cause);
    if (!e) return false;
    cause = e;
  } else if (cause == Py_None) {
    cause = nullptr;
  } else if (!PyExceptionInstance_Check(cause)) {
    PyErr_SetString(PyExc_TypeError, "exception causes must derive from BaseException");
    Py_DECREF(cause);
    return false;
  }
  PyException_SetCause(exc, cause);
  return true;
}

PyObject* noManager(PyObject* manager, const char* format) {
  if (!PyErr_Occurred()) PyErr_Format(PyExc_TypeError, format, Py_TYPE(manager)->tp_name);
  return nullptr;
}

// The exception that is set says that an iterator has ended; tools are told where.
bool isExhausted(PyThreadState* ts) {
  if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return false;
  _PyInterpreterFrame* frame = ts->current_frame;
  _PyEval_MonitorRaise(ts, frame, frame->instr_ptr);
  return true;
}

}  // namespace

PyObject* get_iter(PyObject* iterable) {
  PyObject* it = PyObject_GetIter(iterable);
  Py_DECREF(iterable);
  return it;
}

PyObject* for_iter(PyThreadState* ts, _PyInterpreterFrame*, PyObject* iterator) {
  const bool quick = Py_IS_TYPE(iterator, &PyGen_Type) && od_resume;
  PyObject* next = quick ? od_resume(ts, iterator) : Py_TYPE(iterator)->tp_iternext(iterator);
  if (next) return next;
  if (!ts->current_exception) return nullptr;
  if (!isExhausted(ts)) return reinterpret_cast<PyObject*>(1);
  PyErr_Clear();
  return nullptr;
}

PyObject* send_none(PyObject* receiver, int64_t out) {
  iternextfunc iternext = Py_TYPE(receiver)->tp_iternext;
  PyObject* r = PyIter_Check(receiver) ? iternext(receiver) : PyObject_CallMethodOneArg(receiver, names.send, Py_None);
  if (r) return r;
  PyThreadState* ts = _PyThreadState_GET();
  if (ts->current_exception && !isExhausted(ts)) return reinterpret_cast<PyObject*>(1);
  return _PyGen_FetchStopIterationValue(reinterpret_cast<PyObject**>(out)) < 0 ? reinterpret_cast<PyObject*>(1) : nullptr;
}

PyObject* get_yield_from_iter(PyObject* iterable, int64_t flags) {
  if (PyGen_CheckExact(iterable)) return iterable;
  if (!PyCoro_CheckExact(iterable)) return get_iter(iterable);
  if (flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE)) return iterable;
  PyErr_SetString(PyExc_TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator");
  Py_DECREF(iterable);
  return nullptr;
}

PyObject* get_len(PyObject* o) {
  const Py_ssize_t n = PyObject_Length(o);
  return n < 0 ? nullptr : PyLong_FromSsize_t(n);
}

PyObject* match_class(PyObject* subject, PyObject* type, PyObject* names, int64_t oparg) {
  PyThreadState* ts = _PyThreadState_GET();
  PyObject* r = _PyEval_MatchClass(ts, subject, type, oparg, names);
  drop(subject, type, names);
  return r || ts->current_exception ? r : Py_None;
}

PyObject* match_keys(PyObject* subject, PyObject* keys) {
  return _PyEval_MatchKeys(_PyThreadState_GET(), subject, keys);
}

int64_t type_flag(PyObject* o, int64_t bits) { return (Py_TYPE(o)->tp_flags & uint64_t(bits)) != 0; }

PyObject* before_with(PyObject* manager, int64_t out) {
  PyObject *r = nullptr, *exit = nullptr;
  PyObject* enter = _PyObject_LookupSpecial(manager, names.__enter__);
  if (!enter) noManager(manager, "'%.200s' object does not support the context manager protocol");
  else if (!(exit = _PyObject_LookupSpecial(manager, names.__exit__))) {
    noManager(manager, "'%.200s' object does not support the context manager protocol (missed __exit__ method)");
    Py_CLEAR(enter);
  }
  Py_DECREF(manager);
  if (!enter) return nullptr;
  r = PyObject_CallNoArgs(enter);
  Py_DECREF(enter);
  if (!r) Py_DECREF(exit);
  else *words(out) = exit;
  return r;
}

PyObject* with_except_start(PyObject* exit, PyObject* exc) {
  PyObject* tb = PyException_GetTraceback(exc);
  if (!tb) tb = Py_None;
  else Py_DECREF(tb);  // the exception holds it
  PyObject* stack[4] = {nullptr, PyExceptionInstance_Class(exc), exc, tb};
  return PyObject_Vectorcall(exit, stack + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
}

PyObject* push_exc_info(PyThreadState* ts, _PyInterpreterFrame*, PyObject* exc) {
  PyObject* previous = ts->exc_info->exc_value;
  ts->exc_info->exc_value = Py_NewRef(exc);
  return previous ? previous : Py_None;
}

void pop_except(PyThreadState* ts, _PyInterpreterFrame*, PyObject* previous) {
  _PyErr_StackItem* info = ts->exc_info;
  Py_XSETREF(info->exc_value, previous == Py_None ? nullptr : previous);
}

int64_t check_exc_match(PyObject* exc, PyObject* type) {
  int r = _PyEval_CheckExceptTypeValid(_PyThreadState_GET(), type);
  if (r >= 0) r = PyErr_GivenExceptionMatches(exc, type);
  Py_DECREF(type);
  return r < 0 ? -1 : r != 0;
}

PyObject* check_eg_match(PyObject* exc, PyObject* type, int64_t out) {
  PyObject *match = nullptr, *rest = nullptr;
  int r = _PyEval_CheckExceptStarTypeValid(_PyThreadState_GET(), type);
  if (r >= 0) r = _PyEval_ExceptionGroupMatch(exc, type, &match, &rest);
  drop(exc, type);
  if (r < 0 || !match) return nullptr;
  if (match != Py_None) PyErr_SetHandledException(match);
  *words(out) = rest;
  return match;
}

// Without an exception (a bare `raise`) the handled one is raised again; the caller must then go on as RERAISE does,
// which adds no traceback entry.
PyObject* raise_varargs(PyObject* exc, PyObject* cause) {
  if (!exc) {
    exc = handledException(_PyThreadState_GET());
    if (exc) PyErr_SetRaisedException(Py_NewRef(exc));
    else PyErr_SetString(PyExc_RuntimeError, "No active exception to reraise");
    return nullptr;
  }
  PyObject *type, *value;
  if (PyExceptionClass_Check(exc)) {
    type = exc;
    value = instantiate(exc);
  } else if (PyExceptionInstance_Check(exc)) {
    type = Py_NewRef(PyExceptionInstance_Class(exc));
    value = exc;
  } else {
    Py_DECREF(exc);
    PyErr_SetString(PyExc_TypeError, "exceptions must derive from BaseException");
    Py_XDECREF(cause);
    return nullptr;
  }
  if (value && cause && !attachCause(value, std::exchange(cause, nullptr))) {
    drop(value, type);
    return nullptr;
  }
  if (value) PyErr_SetObject(type, value);
  Py_XDECREF(value);
  Py_DECREF(type);
  Py_XDECREF(cause);
  return nullptr;
}

}  // namespace od::helper

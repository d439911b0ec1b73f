// Calls. The interpreter enters a Python function by moving the caller's references into the new frame, so that the
// callee owns its arguments alone (`del x` in it destroys at once). The same happens here, with a nested evaluator in
// place of the interpreter's jump.
#include "support/helpers_common.h"

namespace od::helper {
namespace {

using Frame = _PyInterpreterFrame;

Frame* push(PyThreadState* ts, PyFunctionObject* f, PyObject* const* args, Py_ssize_t n, PyObject* kwnames) {
  const int flags = reinterpret_cast<PyCodeObject*>(f->func_code)->co_flags;
  PyObject* locals = flags & CO_OPTIMIZED ? nullptr : Py_NewRef(f->func_globals);
  return _PyEvalFramePushAndInit(ts, f, locals, args, size_t(n), kwnames);
}

// How a callable can be entered with its arguments moved.
enum class Entry { Opaque, Interpreted, Native };

inline Entry entryOf(PyThreadState* ts, PyObject* callable) {
  if (Py_TYPE(callable) != &PyFunction_Type || !isPlainEval(ts)) return Entry::Opaque;
  if (reinterpret_cast<PyFunctionObject*>(callable)->vectorcall == pythonVectorcall) return Entry::Interpreted;
  return od_native_call ? Entry::Native : Entry::Opaque;
}

// As _CALL and CALL_KW expand a bound method: room[0] and room[1] are free to become function and self.
inline PyObject* expandMethod(PyObject* callable, PyObject** room) {
  auto* m = reinterpret_cast<PyMethodObject*>(callable);
  room[1] = Py_NewRef(m->im_self);
  room[0] = Py_NewRef(m->im_func);
  PyObject* func = room[0];
  Py_DECREF(callable);
  return func;
}

PyObject* callOpaque(PyObject* callable, PyObject** args, Py_ssize_t total, PyObject* kwnames) {
  const Py_ssize_t positional = total - (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
  PyObject* r = PyObject_Vectorcall(callable, args, size_t(positional) | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
  Py_XDECREF(kwnames);
  Py_DECREF(callable);
  for (Py_ssize_t i = 0; i < total; i++) Py_DECREF(args[i]);
  return r;
}

// items: callable, self or null, arguments; `kwnames` was behind them and is owned.
PyObject* callItems(PyObject** items, int64_t count, PyObject* kwnames) {
  PyObject* callable = items[0];
  PyObject** args = items + 2;
  Py_ssize_t total = count - 2;
  if (items[1] || Py_TYPE(callable) == &PyMethod_Type) {
    if (!items[1]) callable = expandMethod(callable, items);
    args--;
    total++;
  }
  const Py_ssize_t positional = total - (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
  PyThreadState* ts = _PyThreadState_GET();
  auto* f = reinterpret_cast<PyFunctionObject*>(callable);
  switch (entryOf(ts, callable)) {
    case Entry::Interpreted: {
      Frame* frame = push(ts, f, args, positional, kwnames);
      Py_XDECREF(kwnames);
      return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : nullptr;
    }
    case Entry::Native: {
      PyObject* r = od_native_call(ts, f, args, positional, kwnames);
      if (r == kNativeDeclined) break;
      Py_XDECREF(kwnames);
      return r;
    }
    case Entry::Opaque: break;
  }
  return callOpaque(callable, args, total, kwnames);
}

// Arguments of CALL_FUNCTION_EX as an owned array, with a spare word before it.
struct Spread {
  PyObject** args = nullptr;
  Py_ssize_t positional = 0;
  PyObject* kwnames = nullptr;
  PyObject* few[9];

  Spread() = default;
  Spread(const Spread&) = delete;
  Spread& operator=(const Spread&) = delete;
  ~Spread() {
    if (args && args != few + 1) PyMem_Free(args - 1);
    Py_XDECREF(kwnames);
  }

  Py_ssize_t total() const { return positional + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0); }

  bool fill(PyObject* tuple, PyObject* dict) {
    positional = PyTuple_GET_SIZE(tuple);
    const Py_ssize_t keywords = dict ? PyDict_GET_SIZE(dict) : 0;
    const size_t need = size_t(positional) + size_t(keywords) + 1;
    args = need <= 9 ? few : static_cast<PyObject**>(PyMem_Malloc(need * sizeof(PyObject*)));
    if (!args) {
      PyErr_NoMemory();
      return false;
    }
    args++;
    if (keywords && !(kwnames = PyTuple_New(keywords))) return false;
    for (Py_ssize_t i = 0; i < positional; i++) args[i] = Py_NewRef(PyTuple_GET_ITEM(tuple, i));
    return !keywords || fillKeywords(dict);
  }

  bool fillKeywords(PyObject* dict) {
    PyObject *key, *value;
    bool strings = true;
    for (Py_ssize_t pos = 0, i = 0; PyDict_Next(dict, &pos, &key, &value); i++) {
      strings = strings && PyUnicode_Check(key);
      PyTuple_SET_ITEM(kwnames, i, Py_NewRef(key));
      args[positional + i] = Py_NewRef(value);
    }
    if (strings) return true;
    PyErr_SetString(PyExc_TypeError, "keywords must be strings");
    for (Py_ssize_t i = 0; i < total(); i++) Py_DECREF(args[i]);
    return false;
  }
};

// After the hook declined: what PyObject_Call would do with the containers, which are gone. Their contents are given up
// in the order in which a dying tuple and a dying dict do it.
PyObject* callSpread(PyObject* func, Spread& s) {
  PyObject* r =
      PyObject_Vectorcall(func, s.args, size_t(s.positional) | PY_VECTORCALL_ARGUMENTS_OFFSET, s.kwnames);
  Py_DECREF(func);
  dropBackwards(s.args, s.positional);
  for (Py_ssize_t i = s.positional; i < s.total(); i++) Py_DECREF(s.args[i]);
  return r;
}

// Takes func, tuple and dict. The arguments' container is given up before the callee runs, so that only its frame
// holds them.
PyObject* enterSpread(PyThreadState* ts, Entry entry, PyObject* func, PyObject* tuple, PyObject* dict) {
  Spread s;
  Frame* frame = nullptr;
  auto* f = reinterpret_cast<PyFunctionObject*>(func);
  const bool filled = s.fill(tuple, dict);
  if (!filled) Py_DECREF(func);
  else if (entry == Entry::Interpreted) frame = push(ts, f, s.args, s.positional, s.kwnames);
  Py_DECREF(tuple);
  Py_XDECREF(dict);
  if (!filled) return nullptr;
  if (entry == Entry::Interpreted) return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : nullptr;
  PyObject* r = od_native_call(ts, f, s.args, s.positional, s.kwnames);
  return r != kNativeDeclined ? r : callSpread(func, s);
}

// Operands that the interpreter leaves to its unwinding, which pops from the top.
PyObject* dropFunctionEx(PyObject* func, PyObject* iterable, PyObject* dict) {
  Py_XDECREF(dict);
  drop(iterable, func);
  return nullptr;
}

void notIterable(PyObject* func, PyObject* args) {
  PyErr_Clear();
  PyObject* name = _PyObject_FunctionStr(func);
  if (!name) return;
  PyErr_Format(PyExc_TypeError, "%U argument after * must be an iterable, not %.200s", name, Py_TYPE(args)->tp_name);
  Py_DECREF(name);
}

}  // namespace

PyObject* call(PyObject** items, int64_t count) { return callItems(items, count, nullptr); }

PyObject* call_kw(PyObject** items, int64_t count) { return callItems(items, count - 1, items[count - 1]); }

PyObject* call_function_ex(PyObject* func, PyObject* iterable, PyObject* dict) {
  if (!PyTuple_CheckExact(iterable)) {
    if (!Py_TYPE(iterable)->tp_iter && !PySequence_Check(iterable)) {
      notIterable(func, iterable);
      return dropFunctionEx(func, iterable, dict);
    }
    PyObject* tuple = PySequence_Tuple(iterable);
    if (!tuple) return dropFunctionEx(func, iterable, dict);
    Py_SETREF(iterable, tuple);
  }
  PyThreadState* ts = _PyThreadState_GET();
  const Entry entry = entryOf(ts, func);
  if (entry != Entry::Opaque) return enterSpread(ts, entry, func, iterable, dict);
  PyObject* r = PyObject_Call(func, iterable, dict);
  drop(func, iterable);
  Py_XDECREF(dict);
  return r;
}

PyObject* make_function(PyThreadState*, _PyInterpreterFrame* frame, PyObject* code) {
  PyObject* f = PyFunction_New(code, frame->f_globals);
  if (f) _PyFunction_SetVersion(reinterpret_cast<PyFunctionObject*>(f), reinterpret_cast<PyCodeObject*>(code)->co_version);
  return f;
}

void set_function_attribute(PyObject* value, PyObject* function, int64_t which) {
  auto* f = reinterpret_cast<PyFunctionObject*>(function);
  switch (which) {
    case MAKE_FUNCTION_CLOSURE: f->func_closure = value; break;
    case MAKE_FUNCTION_ANNOTATIONS: f->func_annotations = value; break;
    case MAKE_FUNCTION_KWDEFAULTS: f->func_kwdefaults = value; break;
    default: f->func_defaults = value; break;
  }
}

PyObject* call_intrinsic_1(PyThreadState* ts, _PyInterpreterFrame*, PyObject* value, int64_t which) {
  PyObject* r = _PyIntrinsics_UnaryFunctions[which].func(ts, value);
  Py_DECREF(value);
  return r;
}

PyObject* call_intrinsic_2(PyThreadState* ts, _PyInterpreterFrame*, PyObject* a, PyObject* b, int64_t which) {
  PyObject* r = _PyIntrinsics_BinaryFunctions[which].func(ts, a, b);
  drop(a, b);
  return r;
}

int64_t exit_init_check(PyObject* result) {
  if (result == Py_None) return 0;
  PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'", Py_TYPE(result)->tp_name);
  Py_DECREF(result);
  return -1;
}

}  // namespace od::helper

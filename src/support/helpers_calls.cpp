// Calls. The interpreter enters a Python function by moving the caller's references into the new frame, so that the
// callee owns its arguments alone (`del x` in it destroys at once). The same happens here, with a nested evaluator in
// place of the interpreter's jump.
#include "support/helpers_common.h"
#include "support/poly_site.h"

namespace od::helper {
namespace {

using Frame = _PyInterpreterFrame;

// A Python function, to be entered with its arguments moved, unless it is answered elsewhere.
inline bool isEntered(PyThreadState* ts, PyObject* callable) {
  return Py_TYPE(callable) == &PyFunction_Type && !ts->interp->eval_frame;
}

Frame* push(PyThreadState* ts, PyFunctionObject* f, PyObject* const* args, Py_ssize_t n, PyObject* kwnames) {
  const int flags = reinterpret_cast<PyCodeObject*>(f->func_code)->co_flags;
  PyObject* locals = flags & CO_OPTIMIZED ? nullptr : Py_NewRef(f->func_globals);
  return _PyEvalFramePushAndInit(ts, f, locals, args, size_t(n), kwnames);
}

// As od_native_call, which comes first; functions that are CPython's own are interpreted.
inline PyObject* enterFunction(PyThreadState* ts, PyObject* callable, PyObject** args, Py_ssize_t n, PyObject* kwnames) {
  auto* f = reinterpret_cast<PyFunctionObject*>(callable);
  PyObject* r = od_native_call ? od_native_call(ts, f, args, n, kwnames) : kNativeDeclined;
  if (r != kNativeDeclined || f->vectorcall != pythonVectorcall) return r;
  Frame* frame = push(ts, f, args, n, kwnames);
  return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : nullptr;
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

// C functions and methods of the common signatures, entered as their vectorcall does after its checks of the arguments.
// False: another kind, or a call that has to fail.
inline bool enterC(PyThreadState* ts, const PyMethodDef* m, PyObject* self, PyObject** args, Py_ssize_t n, PyObject** r) {
  constexpr int kSignature = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;
  const int signature = m->ml_flags & kSignature;
  if (ts->c_recursion_remaining <= 0) return false;
  auto* f = reinterpret_cast<void (*)()>(m->ml_meth);
  ts->c_recursion_remaining--;
  if (signature == METH_O && n == 1) *r = m->ml_meth(self, args[0]);
  else if (signature == METH_NOARGS && n == 0) *r = m->ml_meth(self, nullptr);
  else if (signature == METH_FASTCALL) *r = reinterpret_cast<PyCFunctionFast>(f)(self, args, n);
  else if (signature == (METH_FASTCALL | METH_KEYWORDS))
    *r = reinterpret_cast<PyCFunctionFastWithKeywords>(f)(self, args, n, nullptr);
  else {
    ts->c_recursion_remaining++;
    return false;
  }
  ts->c_recursion_remaining++;
  return true;
}

inline bool callC(PyThreadState* ts, PyObject* callable, PyObject** args, Py_ssize_t n, PyObject** r) {
  if (Py_TYPE(callable) == &PyCFunction_Type)
    return enterC(ts, reinterpret_cast<PyCFunctionObject*>(callable)->m_ml, PyCFunction_GET_SELF(callable), args, n, r);
  if (Py_TYPE(callable) != &PyMethodDescr_Type || n == 0) return false;
  auto* d = reinterpret_cast<PyMethodDescrObject*>(callable);
  return Py_IS_TYPE(args[0], d->d_common.d_type) && enterC(ts, d->d_method, args[0], args + 1, n - 1, r);
}

// PyObject_Vectorcall without its detour; the check of the result is left to it when something looks wrong.
inline PyObject* vectorcall(PyThreadState* ts, PyObject* callable, PyObject** args, Py_ssize_t positional,
                            PyObject* kwnames) {
  PyObject* r;
  if (kwnames || !callC(ts, callable, args, positional, &r)) {
    vectorcallfunc f = _PyVectorcall_FunctionInline(callable);
    const size_t flagged = size_t(positional) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    if (!f) return PyObject_Vectorcall(callable, args, flagged, kwnames);
    r = f(callable, args, flagged, kwnames);
  }
  if ((r == nullptr) != (ts->current_exception != nullptr)) return _Py_CheckFunctionResult(ts, callable, r, nullptr);
  return r;
}

PyObject* callOpaque(PyThreadState* ts, PyObject* callable, PyObject** args, Py_ssize_t total, PyObject* kwnames) {
  const Py_ssize_t positional = total - (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
  PyObject* r = vectorcall(ts, callable, args, positional, kwnames);
  Py_XDECREF(kwnames);
  Py_DECREF(callable);
  for (Py_ssize_t i = 0; i < total; i++) Py_DECREF(args[i]);
  return r;
}

// A class whose instances are made by object.__new__ and nothing else.
bool isPlain(const PyTypeObject* t) {
  return (t->tp_flags & (Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_IS_ABSTRACT)) == Py_TPFLAGS_HEAPTYPE && !t->tp_vectorcall &&
         t->tp_new == PyBaseObject_Type.tp_new && t->tp_alloc == PyType_GenericAlloc;
}

// Does CPython specialise such a call (CALL_ALLOC_AND_ENTER_INIT)? Then, too, the arguments move into the frame of
// __init__; in every other case the caller keeps them until the instance is complete.
bool isSpecialised(PyObject* cls, PyObject* init, Py_ssize_t n) {
  if (Py_TYPE(cls) != &PyType_Type || !(reinterpret_cast<PyTypeObject*>(cls)->tp_flags & Py_TPFLAGS_INLINE_VALUES)) return false;
  auto* code = reinterpret_cast<PyCodeObject*>(reinterpret_cast<PyFunctionObject*>(init)->func_code);
  const bool simple = (code->co_flags & (CO_VARKEYWORDS | CO_VARARGS | CO_OPTIMIZED)) == CO_OPTIMIZED;
  return simple && !code->co_kwonlyargcount && code->co_argcount == n + 1;
}

// Runs __init__, which takes the arguments; self goes into the free word before them. False: an exception is set.
bool initialise(PyThreadState* ts, PyObject* init, PyObject* self, PyObject** args, Py_ssize_t total, PyObject* kwnames) {
  const Py_ssize_t positional = total - (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
  args[-1] = Py_NewRef(self);
  Py_INCREF(init);
  PyObject* r = enterFunction(ts, init, args - 1, positional + 1, kwnames);
  if (r == kNativeDeclined) r = callOpaque(ts, init, args - 1, total + 1, Py_XNewRef(kwnames));
  return r && exit_init_check(r) == 0;
}

PyObject* allocAndEnterInit(PyThreadState* ts, PyObject* cls, PyObject* init, PyObject** args, Py_ssize_t n) {
  PyObject* self = PyType_GenericAlloc(reinterpret_cast<PyTypeObject*>(cls), 0);
  Py_DECREF(cls);
  if (!self) dropBackwards(args, n);
  else if (!initialise(ts, init, self, args, n, nullptr)) Py_CLEAR(self);
  return self;
}

// As type.__call__: a tuple and a dict of its own hold the arguments meanwhile, as does the caller.
PyObject* instantiate(PyThreadState* ts, PyObject* cls, PyObject* init, PyObject** args, Py_ssize_t total, PyObject* kwnames) {
  PyObject* self = PyType_GenericAlloc(reinterpret_cast<PyTypeObject*>(cls), 0);
  if (self) {
    const int held = kwnames && PyTuple_GET_SIZE(kwnames) ? 2 : 1;   // keywords: by the array that both become again, too
    for (int k = 0; k <= held; k++)   // and by the callee
      for (Py_ssize_t i = 0; i < total; i++) Py_INCREF(args[i]);
    if (!initialise(ts, init, self, args, total, kwnames)) Py_CLEAR(self);
    for (int k = 0; k < held; k++)
      for (Py_ssize_t i = 0; i < total; i++) Py_DECREF(args[i]);
  }
  Py_XDECREF(kwnames);
  Py_DECREF(cls);
  for (Py_ssize_t i = 0; i < total; i++) Py_DECREF(args[i]);
  return self;
}

// The call of a plain class with an __init__ of Python's. The word before args is free. kNativeDeclined: nothing has been
// done; otherwise class, arguments and names are gone.
PyObject* construct(PyThreadState* ts, PyObject* cls, PyObject** args, Py_ssize_t total, PyObject* kwnames) {
  auto* t = reinterpret_cast<PyTypeObject*>(cls);
  if (!isPlain(t)) return kNativeDeclined;
  PyObject* init = _PyType_Lookup(t, names.__init__);
  if (!init || !isEntered(ts, init)) return kNativeDeclined;
  if (!kwnames && isSpecialised(cls, init, total)) return allocAndEnterInit(ts, cls, init, args, total);
  return t->tp_init == pythonInit ? instantiate(ts, cls, init, args, total, kwnames) : kNativeDeclined;
}

// items: callable, self or null, arguments; `kwnames` was behind them and is owned.
PyObject* callItems(PyThreadState* ts, PyObject** items, int64_t count, PyObject* kwnames) {
  PyObject* callable = items[0];
  PyObject** args = items + 2;
  Py_ssize_t total = count - 2;
  if (items[1] || Py_TYPE(callable) == &PyMethod_Type) {
    if (!items[1]) callable = expandMethod(callable, items);
    args--;
    total++;
  }
  const Py_ssize_t positional = total - (kwnames ? PyTuple_GET_SIZE(kwnames) : 0);
  if (isEntered(ts, callable)) {
    PyObject* r = enterFunction(ts, callable, args, positional, kwnames);
    if (r != kNativeDeclined) {
      Py_XDECREF(kwnames);
      return r;
    }
  }
  if (Py_TYPE(callable)->tp_call == PyType_Type.tp_call && args == items + 2) {
    PyObject* r = construct(ts, callable, args, total, kwnames);
    if (r != kNativeDeclined) return r;
  }
  return callOpaque(ts, callable, args, total, kwnames);
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
PyObject* callSpread(PyThreadState* ts, PyObject* func, Spread& s) {
  PyObject* r = vectorcall(ts, func, s.args, s.positional, s.kwnames);
  Py_DECREF(func);
  dropBackwards(s.args, s.positional);
  for (Py_ssize_t i = s.positional; i < s.total(); i++) Py_DECREF(s.args[i]);
  return r;
}

// Takes func, tuple and dict. The arguments' container is given up before the callee runs, so that only its frame
// holds them.
PyObject* enterSpread(PyThreadState* ts, PyObject* func, PyObject* tuple, PyObject* dict) {
  Spread s;
  auto* f = reinterpret_cast<PyFunctionObject*>(func);
  const bool ours = f->vectorcall != pythonVectorcall;
  const bool filled = s.fill(tuple, dict);
  Frame* frame = nullptr;
  if (!filled) Py_DECREF(func);
  else if (!ours) frame = push(ts, f, s.args, s.positional, s.kwnames);   // before the containers go: it may fail
  Py_DECREF(tuple);
  Py_XDECREF(dict);
  if (!filled) return nullptr;
  if (!ours) return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : nullptr;
  PyObject* r = enterFunction(ts, func, s.args, s.positional, s.kwnames);
  return r != kNativeDeclined ? r : callSpread(ts, func, s);
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

PyObject* callSharing(PyObject* func, PyObject** args, Py_ssize_t n) {
  PyThreadState* ts = _PyThreadState_GET();
  if (!isEntered(ts, func)) return kNativeDeclined;
  Py_INCREF(func);
  for (Py_ssize_t i = 0; i < n; i++) Py_INCREF(args[i]);
  PyObject* r = enterFunction(ts, func, args, n, nullptr);
  return r != kNativeDeclined ? r : callOpaque(ts, func, args, n, nullptr);
}

namespace {

// What the interpreter makes of a C function that breaks the rules.
PyObject* checked(PyObject* result) {
  if (!result && !PyErr_Occurred()) [[unlikely]]
    PyErr_SetString(PyExc_SystemError, "error return without exception set");
  return result;
}

// Each level counts: compiled code itself does not, and interpreted code above it must stop before the C stack ends.
template <class Function, class... Arguments>
PyObject* callCounted(PyThreadState* ts, int64_t function, Arguments... arguments) {
  if (_Py_EnterRecursiveCallTstate(ts, " while calling a Python object")) return nullptr;
  PyObject* r = reinterpret_cast<Function>(function)(arguments...);
  _Py_LeaveRecursiveCallTstate(ts);
  return checked(r);
}

// METH_FASTCALL functions do not look at the fourth argument.
PyObject* callFast(PyThreadState* ts, int64_t function, PyObject* self, PyObject** items, int64_t count) {
  return callCounted<PyCFunctionFastWithKeywords>(ts, function, self, items, Py_ssize_t(count), static_cast<PyObject*>(nullptr));
}

PyObject* callPlain(PyThreadState* ts, int64_t function, PyObject* self, PyObject* argument) {
  return callCounted<PyCFunction>(ts, function, self, argument);
}

}  // namespace

PyObject* call_c_none(PyThreadState* ts, Frame*, PyObject* self, int64_t function) { return callPlain(ts, function, self, nullptr); }

PyObject* call_c_one(PyThreadState* ts, Frame*, PyObject* self, PyObject* argument, int64_t function) {
  PyObject* r = callPlain(ts, function, self, argument);
  Py_DECREF(argument);
  return r;
}

PyObject* call_c_fast(PyThreadState* ts, Frame*, PyObject* self, int64_t function, PyObject** items, int64_t count) {
  PyObject* r = callFast(ts, function, self, items, count);
  for (int64_t i = 0; i < count; i++) Py_DECREF(items[i]);
  return r;
}

PyObject* call_c_method_none(PyThreadState* ts, Frame*, PyObject* self, int64_t function) {
  PyObject* r = callPlain(ts, function, self, nullptr);
  Py_DECREF(self);
  return r;
}

PyObject* call_c_method_one(PyThreadState* ts, Frame*, PyObject* self, PyObject* argument, int64_t function) {
  PyObject* r = callPlain(ts, function, self, argument);
  drop(self, argument);
  return r;
}

PyObject* call_c_method_fast(PyThreadState* ts, Frame*, int64_t function, PyObject** items, int64_t count) {
  PyObject* r = callFast(ts, function, items[0], items + 1, count - 1);
  for (int64_t i = 0; i < count; i++) Py_DECREF(items[i]);
  return r;
}

PyObject* call_c_type(PyThreadState* ts, Frame*, PyObject* cls, int64_t function, PyObject** items, int64_t count) {
  const size_t n = size_t(count) | PY_VECTORCALL_ARGUMENTS_OFFSET;
  PyObject* r = callCounted<vectorcallfunc>(ts, function, cls, items, n, static_cast<PyObject*>(nullptr));
  for (int64_t i = 0; i < count; i++) Py_DECREF(items[i]);
  return r;
}

PyObject* call(PyThreadState* ts, Frame*, PyObject** items, int64_t count) { return callItems(ts, items, count, nullptr); }

PyObject* call_kw(PyThreadState* ts, Frame*, PyObject** items, int64_t count) {
  return callItems(ts, items, count - 1, items[count - 1]);
}

PyObject* call_function_ex(PyThreadState* ts, Frame*, PyObject* func, PyObject* iterable, PyObject* dict) {
  if (!PyTuple_CheckExact(iterable)) {
    if (!Py_TYPE(iterable)->tp_iter && !PySequence_Check(iterable)) {
      notIterable(func, iterable);
      return dropFunctionEx(func, iterable, dict);
    }
    PyObject* tuple = PySequence_Tuple(iterable);
    if (!tuple) return dropFunctionEx(func, iterable, dict);
    Py_SETREF(iterable, tuple);
  }
  if (isEntered(ts, func)) return enterSpread(ts, func, iterable, dict);
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

// A stale entry, whose code object died and whose address came back, is told by its cell: that has no code any more.
int64_t cell_of(PyObject* callable, int64_t n, int64_t site) {
  auto* s = reinterpret_cast<PolySite*>(site);
  if (!Py_IS_TYPE(callable, &PyFunction_Type)) {
    if (Py_IS_TYPE(callable, &PyMethod_Type) && s->methods < kLearnt && ++s->methods == kLearnt && od_methods_learnt) od_methods_learnt(s);
    return 0;
  }
  auto* code = reinterpret_cast<PyCodeObject*>(reinterpret_cast<PyFunctionObject*>(callable)->func_code);
  PolyEntry* stale = nullptr;
  for (PolyEntry& e : s->entries) {
    if (e.key != code) continue;
    if (static_cast<CodeCell*>(e.object)->code == code) return reinterpret_cast<int64_t>(e.object);
    stale = &e;
  }
  constexpr int kWanted = CO_OPTIMIZED | CO_NEWLOCALS;
  constexpr int kUnwanted = CO_VARARGS | CO_VARKEYWORDS | CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;
  if ((code->co_flags & (kWanted | kUnwanted)) != kWanted || code->co_kwonlyargcount || code->co_argcount != n || !od_cell_for) return 0;
  CodeCell* cell = od_cell_for(code);
  if (!cell) return 0;
  PolyEntry& e = stale ? *stale : s->fresh();
  e = {.key = code, .object = cell};
  return reinterpret_cast<int64_t>(cell);
}

}  // namespace od::helper

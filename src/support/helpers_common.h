// Shared by the helpers_*.cpp files only.
#pragma once
#include "support/helpers.h"
#include "support/type_profile.h"

namespace od::helper {

// Interned strings. Not _Py_ID: its place in _PyRuntime differs between patch levels.
#define OD_NAMES(N)                                                                                          \
  N(__init__) N(__enter__) N(__exit__) N(__name__) N(__spec__) N(__import__) N(__build_class__) N(__annotations__)      \
  N(has_location) N(name) N(obj) N(origin) N(_initializing)
struct Names {
#define N(s) PyObject* s;
  OD_NAMES(N)
#undef N
};
extern Names names;
extern PyObject* emptyString;
extern PyCFunction builtinImport;        // the C function behind the builtin __import__; null if it was replaced
extern vectorcallfunc pythonVectorcall;  // what CPython puts into a new function

inline bool isPlainEval(PyThreadState* ts) {
  return _PyInterpreterState_GetEvalFrameFunc(ts->interp) == _PyEval_EvalFrameDefault;
}

// Enters a plain Python function with references of its own to func and the n arguments, as PyObject_Vectorcall would.
// The word before args is free. kNativeDeclined: it is something else, and nothing has been done.
PyObject* callSharing(PyObject* func, PyObject** args, Py_ssize_t n);

// References given up as the interpreter's DECREF_INPUTS does for an array (from the last to the first).
inline void dropBackwards(PyObject** items, int64_t count) {
  for (int64_t i = count; --i >= 0;) Py_DECREF(items[i]);
}

template <class... Objects>
inline void drop(Objects... o) { (Py_DECREF(o), ...); }

inline PyObject** words(int64_t address) { return reinterpret_cast<PyObject**>(address); }

inline void note(int64_t slot, PyObject* lhs, PyObject* rhs) {
  if (!slot) return;
  auto* p = reinterpret_cast<TypeProfile*>(slot);
  p->lhs |= 1u << unsigned(kindOf(Py_TYPE(lhs)));
  p->rhs |= 1u << unsigned(kindOf(Py_TYPE(rhs)));
  p->count += p->count != UINT32_MAX;
}

inline bool isCompact(PyObject* v) { return _PyLong_IsCompact(reinterpret_cast<PyLongObject*>(v)); }
inline Py_ssize_t compactValue(PyObject* v) { return _PyLong_CompactValue(reinterpret_cast<PyLongObject*>(v)); }

template <class T>
inline bool ordered(T a, T b, int64_t op) {
  switch (op) {
    case Py_LT: return a < b;
    case Py_LE: return a <= b;
    case Py_EQ: return a == b;
    case Py_NE: return a != b;
    case Py_GT: return a > b;
    default: return a >= b;
  }
}

}  // namespace od::helper

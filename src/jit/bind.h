// Arguments become a callee's parameters.
#pragma once
#include "cpython/v313/seam.h"

namespace od {

struct Arguments {
  PyObject** at;       // positional ones, then the values of the keywords
  Py_ssize_t n;        // positional ones
  PyObject* kwnames;   // tuple of exact strs, or null
  bool move;           // the references are given away
  Py_ssize_t total() const { return n + (kwnames ? PyTuple_GET_SIZE(kwnames) : 0); }
};

// How many positional arguments fill every parameter there is; -1: none do.
inline int exactArguments(PyCodeObject* code) {
  const bool simple = !(code->co_flags & (CO_VARARGS | CO_VARKEYWORDS)) && code->co_kwonlyargcount == 0;
  return simple ? code->co_argcount : -1;
}

// Fills the parameters' slots (argumentSlots of them) with references of their own. False: nothing has been done, no
// exception is set, and CPython has to bind them: because it will complain, most of all.
bool bindArguments(PyFunctionObject* func, PyCodeObject* code, const Arguments& a, PyObject** slots);

// A new generator or coroutine of a function that makes one; takes the references to the function and its arguments.
// kNativeDeclined: nothing has been done, an evaluator has to make it. make_generator.cpp
PyObject* makeGenerator(PyThreadState* ts, PyFunctionObject* func, const Arguments& a);

}  // namespace od

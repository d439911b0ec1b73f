// Replacing the C function behind a function of CPython's: in the method table, so that the function object stays the one
// the program may hold already.
#pragma once
#include "cpython/v313/python.h"

namespace od {

struct MethodHook {
  PyMethodDef* method = nullptr;
  PyCFunction original = nullptr;

  // `path` leads from the module to the function, with dots.
  void install(const char* module, const char* path, void* replacement);
  void remove() {
    if (method) method->ml_meth = original;
    method = nullptr;
  }

  using FastCall = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t);
  PyObject* callFast(PyObject* self, PyObject* const* args, Py_ssize_t n) const {
    return reinterpret_cast<FastCall>(reinterpret_cast<void*>(original))(self, args, n);
  }
};

}  // namespace od

// Memory for frames on the thread's data stack, in a new chunk when the current one is full.
//
// CPython does not export the function that adds a chunk. _PyEvalFramePushAndInit, which it does export, adds one for a
// frame of any size; so a function of ours without arguments is pushed, its code object saying for a moment (the GIL is
// held) that its frame has the size we need. The caller writes its own header over it.
#include "cpython/v313/seam.h"

namespace od {
namespace {

PyFunctionObject* placeholder() {
  static PyFunctionObject* func = [] {
    PyCodeObject* code = PyCode_NewEmpty("<overdrive>", "<frame>", 1);
    PyObject* globals = PyDict_New();
    PyObject* f = code && globals ? PyFunction_New(reinterpret_cast<PyObject*>(code), globals) : nullptr;
    Py_XDECREF(code);
    Py_XDECREF(globals);
    return reinterpret_cast<PyFunctionObject*>(f);
  }();
  return func;
}

}  // namespace

Frame* pushWords(PyThreadState* ts, int words) {
  if (dataStackHas(ts, words)) {
    Frame* f = reinterpret_cast<Frame*>(ts->datastack_top);
    ts->datastack_top += words;
    return f;
  }
  PyFunctionObject* func = placeholder();
  if (!func) return nullptr;
  PyCodeObject* code = reinterpret_cast<PyCodeObject*>(func->func_code);
  int own = code->co_framesize;
  code->co_framesize = words;
  Py_INCREF(func);
  Frame* f = _PyEvalFramePushAndInit(ts, func, nullptr, nullptr, 0, nullptr);
  code->co_framesize = own;
  if (f) {
    Py_DECREF(f->f_executable);
    Py_DECREF(f->f_funcobj);
  }
  return f;
}

}  // namespace od

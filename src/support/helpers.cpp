// The table of helpers, and what they share.
#include "support/helpers_attr_cache.h"
#include "support/helpers_common.h"

namespace od {

NativeCall od_native_call = nullptr;
PyObject* (*od_resume)(PyThreadState*, PyObject*) = nullptr;
void (*od_types_learnt)(TypeProfile*) = nullptr;
void (*od_methods_learnt)(PolySite*) = nullptr;
CodeCell* (*od_cell_for)(PyCodeObject*) = nullptr;

namespace helper {
Names names;
PyObject* emptyString;
PyCFunction builtinImport;
initproc pythonInit;
vectorcallfunc pythonVectorcall;
}  // namespace helper

const void* const* helperTable() {
  static const void* const table[] = {
#define H(name, args, result, failure, effects, doc) reinterpret_cast<const void*>(&helper::name),
#include "support/helpers.def"
#undef H
  };
  return table;
}

namespace {

// _PyFunction_Vectorcall is not exported: read it from a function that nobody can have touched.
bool findPythonVectorcall() {
  PyObject* code = reinterpret_cast<PyObject*>(PyCode_NewEmpty("overdrive", "probe", 1));
  PyObject* globals = PyDict_New();
  PyObject* f = code && globals ? PyFunction_New(code, globals) : nullptr;
  if (f) helper::pythonVectorcall = reinterpret_cast<PyFunctionObject*>(f)->vectorcall;
  Py_XDECREF(f);
  Py_XDECREF(globals);
  Py_XDECREF(code);
  return f != nullptr;
}

// slot_tp_init is not exported either: read it from a class of the import system.
bool findPythonInit() {
  PyObject* bootstrap = PyImport_ImportModule("_frozen_importlib");
  PyObject* spec = bootstrap ? PyObject_GetAttrString(bootstrap, "ModuleSpec") : nullptr;
  if (spec && PyType_Check(spec)) {
    auto* t = reinterpret_cast<PyTypeObject*>(spec);
    PyObject* init = _PyType_Lookup(t, helper::names.__init__);
    if (init && PyFunction_Check(init)) helper::pythonInit = t->tp_init;
  }
  Py_XDECREF(spec);
  Py_XDECREF(bootstrap);
  return spec != nullptr;
}

bool findBuiltinImport() {
  PyObject* builtins = PyImport_ImportModule("builtins");
  if (!builtins) return false;
  PyObject* f;
  const int found = PyObject_GetOptionalAttr(builtins, helper::names.__import__, &f);
  if (found > 0 && PyCFunction_CheckExact(f) && PyCFunction_GET_SELF(f) == builtins)
    helper::builtinImport = PyCFunction_GET_FUNCTION(f);
  Py_XDECREF(f);
  Py_DECREF(builtins);
  return found >= 0;
}

}  // namespace

bool initHelpers() {
#define N(s) if (!(helper::names.s = PyUnicode_InternFromString(#s))) return false;
  OD_NAMES(N)
#undef N
  if (!(helper::emptyString = PyUnicode_FromStringAndSize("", 0))) return false;
  helper::findDictVersions();
  return findPythonVectorcall() && findPythonInit() && findBuiltinImport();
}

}  // namespace od

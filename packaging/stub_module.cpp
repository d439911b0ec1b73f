// A stand-in for src/jit/module.cpp: the whole interface of overdrive._core and no compiler.
//
// CMakeLists.txt builds it only while src/jit/module.cpp is absent. It fixes what the Python
// side relies on:
//   enable()  -> None; raises RuntimeError with one clear sentence if this interpreter
//                cannot be served (the caller prints it once and goes on at stock speed)
//   disable() -> None
//   stats()   -> dict of totals (docs/explain.md, "totals")
//   explain() -> list of dicts, one a unit (docs/explain.md, "units")
//   version() -> str
// Importing it in a sub-interpreter raises ImportError.
#include <Python.h>

namespace {

bool enabled = false;

PyObject* stub_enable(PyObject*, PyObject*) {
  enabled = true;
  Py_RETURN_NONE;
}

PyObject* stub_disable(PyObject*, PyObject*) {
  enabled = false;
  Py_RETURN_NONE;
}

PyObject* stub_stats(PyObject*, PyObject*) {
  return Py_BuildValue("{s:O,s:i,s:i}", "enabled", enabled ? Py_True : Py_False, "units_compiled", 0,
                       "units_declined", 0);
}

PyObject* stub_explain(PyObject*, PyObject*) { return PyList_New(0); }

PyObject* stub_version(PyObject*, PyObject*) { return PyUnicode_FromString(OVERDRIVE_VERSION); }

PyMethodDef methods[] = {
    {"enable", stub_enable, METH_NOARGS, "Switch compilation on."},
    {"disable", stub_disable, METH_NOARGS, "Switch compilation off."},
    {"stats", stub_stats, METH_NOARGS, "Totals since the process started."},
    {"explain", stub_explain, METH_NOARGS, "What was compiled and declined, a dict a unit."},
    {"version", stub_version, METH_NOARGS, "The version of the compiler."},
    {nullptr, nullptr, 0, nullptr},
};

int exec_module(PyObject*) {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(PyExc_ImportError, "sub-interpreters are not served");
    return -1;
  }
  return 0;
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(exec_module)},
    // Claimed so that the refusal above is ours, in our words.
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "overdrive._core", "Overdrive's compiler (stand-in).", 0, methods, slots,
    nullptr, nullptr, nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__core() { return PyModuleDef_Init(&definition); }

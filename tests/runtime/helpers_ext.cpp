// A module that lets Python call any helper by name, with the ownership that its row promises: consumed arguments are
// moved out of the given list, so that the helper holds them alone.
#include "support/helpers.h"
#include "support/helpers_common.h"
#include <cstring>
#include <vector>

namespace {

using namespace od;

PyObject* null;  // stands for a null pointer

struct Arguments {
  std::vector<int64_t> words;
  std::vector<double> doubles;
  std::vector<PyObject*> array;
  std::vector<PyObject*> out;  // what ("out", n) points to
};

PyObject* takeItem(PyObject* list, Py_ssize_t i) {
  PyObject* o = PyList_GET_ITEM(list, i);
  PyList_SET_ITEM(list, i, Py_None);
  if (o != null) return o;
  Py_DECREF(o);
  return nullptr;
}

int64_t wordOf(PyObject* o, Arguments& a) {
  if (PyByteArray_Check(o)) return reinterpret_cast<int64_t>(PyByteArray_AS_STRING(o));
  if (!PyTuple_Check(o)) return PyLong_AsLongLong(o);
  a.out.assign(size_t(PyLong_AsLong(PyTuple_GET_ITEM(o, 1))), nullptr);
  return reinterpret_cast<int64_t>(a.out.data());
}

bool gather(const HelperInfo& row, PyObject* list, Arguments& a) {
  if (row.passFrame) {
    PyThreadState* ts = PyThreadState_Get();
    a.words = {reinterpret_cast<int64_t>(ts), reinterpret_cast<int64_t>(ts->current_frame)};
  }
  Py_ssize_t i = 0;
  const Py_ssize_t n = PyList_GET_SIZE(list);
  for (const char* c = row.args; *c; c++) {
    if (*c == '*') {
      a.array.assign(1, nullptr);  // the spare word
      for (; i < n; i++) a.array.push_back(takeItem(list, i));
      a.words.push_back(reinterpret_cast<int64_t>(a.array.data() + 1));
      a.words.push_back(int64_t(a.array.size() - 1));
      continue;
    }
    if (i == n) {
      PyErr_Format(PyExc_SystemError, "%s: too few arguments", row.name);
      return false;
    }
    PyObject* o = PyList_GET_ITEM(list, i);
    if (*c == 'd') a.doubles.push_back(PyFloat_AsDouble(o));
    else if (*c == 'i') a.words.push_back(wordOf(o, a));
    else if (*c == 'o' || *c == 'n') a.words.push_back(reinterpret_cast<int64_t>(takeItem(list, i)));
    else a.words.push_back(reinterpret_cast<int64_t>(o == null ? nullptr : o));
    i++;
  }
  a.words.resize(8);
  a.doubles.resize(2);
  return true;
}

template <class R>
R invoke(const void* f, const Arguments& a) {
  using Fn = R (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, double, double);
  const auto& w = a.words;
  return reinterpret_cast<Fn>(const_cast<void*>(f))(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], a.doubles[0],
                                                    a.doubles[1]);
}

// The C result as a Python object, or null if the helper failed.
PyObject* resultOf(const HelperInfo& row, const void* f, const Arguments& a) {
  if (row.result == Rep::F64) return PyFloat_FromDouble(invoke<double>(f, a));
  const int64_t r = invoke<int64_t>(f, a);
  bool failed = false;
  if (row.failure == Failure::Null) failed = r == 0;
  if (row.failure == Failure::Neg) failed = r < 0;
  if (row.failure == Failure::One) failed = r == 1;
  if (failed != (PyErr_Occurred() != nullptr)) {
    PyErr_Format(PyExc_SystemError, "%s: result and exception disagree", row.name);
    return nullptr;
  }
  if (failed) return nullptr;
  if (row.result == Rep::None) return Py_None;
  if (row.result == Rep::I64) return PyLong_FromLongLong(r);
  return r ? reinterpret_cast<PyObject*>(r) : Py_NewRef(null);
}

const HelperInfo* find(const char* name, const void** f) {
  for (unsigned i = 0; i < unsigned(Helper::Count); i++) {
    const HelperInfo& row = helperInfo(Helper(i));
    if (strcmp(row.name, name) != 0) continue;
    *f = helperTable()[i];
    return &row;
  }
  PyErr_Format(PyExc_SystemError, "no helper %s", name);
  return nullptr;
}

// run(name, list) -> result, or (result, out words) if there are any.
PyObject* run(PyObject*, PyObject* args) {
  const char* name;
  PyObject* list;
  if (!PyArg_ParseTuple(args, "sO!", &name, &PyList_Type, &list)) return nullptr;
  const void* f;
  const HelperInfo* row = find(name, &f);
  Arguments a;
  if (!row || !gather(*row, list, a)) return nullptr;
  PyObject* r = resultOf(*row, f, a);
  if (!r || a.out.empty()) return r;
  PyObject* out = PyList_New(Py_ssize_t(a.out.size()));
  for (size_t i = 0; i < a.out.size(); i++)
    PyList_SET_ITEM(out, Py_ssize_t(i), a.out[i] ? a.out[i] : Py_NewRef(null));
  return Py_BuildValue("NN", r, out);
}

// time(name, list, n): nanoseconds a call. Consumed arguments get a reference for each call.
PyObject* timeCalls(PyObject*, PyObject* args) {
  const char* name;
  PyObject* list;
  long n;
  if (!PyArg_ParseTuple(args, "sO!l", &name, &PyList_Type, &list, &n)) return nullptr;
  const void* f;
  const HelperInfo* row = find(name, &f);
  if (!row) return nullptr;
  PyObject* copy = PyList_GetSlice(list, 0, PyList_GET_SIZE(list));
  Arguments a;
  if (!gather(*row, copy, a)) return nullptr;
  const std::vector<PyObject*> saved = a.array;
  timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (long k = 0; k < n; k++) {
    const int first = row->passFrame ? 2 : 0;
    for (int i = 0; row->args[i] && row->args[i] != '*'; i++)
      if (row->args[i] == 'o' || row->args[i] == 'n') Py_XINCREF(reinterpret_cast<PyObject*>(a.words[first + i]));
    for (size_t i = 1; i < saved.size(); i++) Py_XINCREF(a.array[i] = saved[i]);
    if (row->result == Rep::Obj) {
      PyObject* r = reinterpret_cast<PyObject*>(invoke<int64_t>(f, a));
      if (r && r != reinterpret_cast<PyObject*>(1)) Py_DECREF(r);
    } else {
      invoke<int64_t>(f, a);
    }
    for (PyObject* o : a.out) Py_XDECREF(o);
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  return PyFloat_FromDouble((double(to.tv_sec - from.tv_sec) * 1e9 + double(to.tv_nsec - from.tv_nsec)) / double(n));
}

// The hook for functions that compiled code stands behind: here it enters the interpreter, or declines.
long hookCalls;
bool hookDeclines;

PyObject* hook(PyThreadState* ts, PyFunctionObject* f, PyObject** args, Py_ssize_t n, PyObject* kwnames) {
  if (hookDeclines || f->vectorcall == helper::pythonVectorcall) return kNativeDeclined;
  hookCalls++;
  _PyInterpreterFrame* frame = _PyEvalFramePushAndInit(ts, f, nullptr, args, size_t(n), kwnames);
  return frame ? _PyEval_EvalFrameDefault(ts, frame, 0) : nullptr;
}

PyObject* otherVectorcall(PyObject* f, PyObject* const* args, size_t n, PyObject* kwnames) {
  return helper::pythonVectorcall(f, args, n, kwnames);
}

PyObject* adopt(PyObject*, PyObject* f) {
  PyFunction_SetVectorcall(reinterpret_cast<PyFunctionObject*>(f), otherVectorcall);
  return Py_None;
}

PyObject* restore(PyObject*, PyObject* f) {
  PyFunction_SetVectorcall(reinterpret_cast<PyFunctionObject*>(f), helper::pythonVectorcall);
  return Py_None;
}

PyObject* setHook(PyObject*, PyObject* mode) {
  od_native_call = mode == Py_None ? nullptr : hook;
  hookDeclines = mode == Py_False;
  return PyLong_FromLong(std::exchange(hookCalls, 0));
}

PyObject* hooked(PyObject*, PyObject*) { return od_native_call ? Py_True : Py_None; }

PyObject* kindOfObject(PyObject*, PyObject* o) { return PyLong_FromLong(long(kindOf(Py_TYPE(o)))); }

PyMethodDef methods[] = {
    {"run", run, METH_VARARGS, nullptr},
    {"time", timeCalls, METH_VARARGS, nullptr},
    {"adopt", adopt, METH_O, nullptr},
    {"restore", restore, METH_O, nullptr},
    {"set_hook", setHook, METH_O, nullptr},
    {"hooked", hooked, METH_NOARGS, nullptr},
    {"kind_of", kindOfObject, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module{PyModuleDef_HEAD_INIT, "helpers_ext", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

bool initTestKinds() {
  const void* t[unsigned(Kind::Count)] = {};
  const auto set = [&](Kind k, PyTypeObject& type) { t[unsigned(k)] = &type; };
  set(Kind::None, *Py_TYPE(Py_None));
  set(Kind::Bool, PyBool_Type);
  set(Kind::Int, PyLong_Type);
  set(Kind::Float, PyFloat_Type);
  set(Kind::Complex, PyComplex_Type);
  set(Kind::Str, PyUnicode_Type);
  set(Kind::Bytes, PyBytes_Type);
  set(Kind::Tuple, PyTuple_Type);
  set(Kind::List, PyList_Type);
  set(Kind::Dict, PyDict_Type);
  set(Kind::Set, PySet_Type);
  set(Kind::FrozenSet, PyFrozenSet_Type);
  set(Kind::Function, PyFunction_Type);
  set(Kind::Method, PyMethod_Type);
  set(Kind::Class, PyType_Type);
  set(Kind::Module, PyModule_Type);
  set(Kind::Cell, PyCell_Type);
  set(Kind::Range, PyRange_Type);
  return initKinds(t);
}

}  // namespace

PyMODINIT_FUNC PyInit_helpers_ext() {
  if (!initHelpers() || !initTestKinds()) return nullptr;
  PyObject* m = PyModule_Create(&module);
  null = PyObject_CallNoArgs(reinterpret_cast<PyObject*>(&PyBaseObject_Type));
  if (!m || !null || PyModule_AddObjectRef(m, "NULL", null) < 0) return nullptr;
  PyObject* rows = PyDict_New();
  for (unsigned i = 0; i < unsigned(Helper::Count); i++) {
    const HelperInfo& row = helperInfo(Helper(i));
    PyObject* args = PyUnicode_FromString(row.args);
    PyDict_SetItemString(rows, row.name, args);
    Py_DECREF(args);
  }
  PyModule_AddObjectRef(m, "ROWS", rows);
  Py_DECREF(rows);
  return m;
}

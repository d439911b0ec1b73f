// Fork. A native thread that is alive at fork makes CPython warn that the process is multi-threaded, and its locks would be
// copied in whatever state they are in: it is joined before, and started again by a pending call, which runs after CPython
// has looked for threads.
#include "jit/conductor.h"

namespace od {
namespace {

bool stoppedForFork = false;

int startLater(void*) {
  if (compiling()) startWorker();
  return 0;
}

PyObject* beforeFork(PyObject*, PyObject*) {
  stoppedForFork = workerRuns();
  stopWorker();
  Py_RETURN_NONE;
}

PyObject* inParent(PyObject*, PyObject*) {
  if (stoppedForFork) _PyEval_AddPendingCall(PyInterpreterState_Main(), startLater, nullptr, 0);
  stoppedForFork = false;
  Py_RETURN_NONE;
}

PyObject* inChild(PyObject*, PyObject*) {
  resetWorkerInChild();
  return inParent(nullptr, nullptr);
}

PyMethodDef kMethods[] = {
    {"_overdrive_before_fork", beforeFork, METH_NOARGS, nullptr},
    {"_overdrive_in_parent", inParent, METH_NOARGS, nullptr},
    {"_overdrive_in_child", inChild, METH_NOARGS, nullptr},
};

}  // namespace

bool prepareFork() {
  static bool done = false;
  if (done) return true;
  PyObject* os = PyImport_ImportModule("posix");
  PyObject* reg = os ? PyObject_GetAttrString(os, "register_at_fork") : nullptr;
  PyObject* args = PyTuple_New(0);
  PyObject* names = PyDict_New();
  const char* keys[] = {"before", "after_in_parent", "after_in_child"};
  bool ok = reg && args && names;
  for (int i = 0; ok && i < 3; i++) {
    PyObject* f = PyCFunction_New(&kMethods[i], nullptr);
    ok = f && PyDict_SetItemString(names, keys[i], f) == 0;
    Py_XDECREF(f);
  }
  PyObject* r = ok ? PyObject_Call(reg, args, names) : nullptr;
  done = r != nullptr;
  for (PyObject* o : {os, reg, args, names, r}) Py_XDECREF(o);
  PyErr_Clear();
  return done;
}

}  // namespace od

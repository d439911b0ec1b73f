// Fork. A native thread that is alive at fork makes CPython warn that the process is multi-threaded, and its locks would be
// copied in whatever state they are in: it is joined before. os.fork() looks for threads at its end, when all hooks have run,
// so it is started again behind it; elsewhere by a pending call.
#include "jit/conductor.h"
#include "jit/method_hook.h"

namespace od {
namespace {

bool stoppedForFork = false;
int forksUnderWay = 0;   // os.fork() and os.forkpty()

// Hooks that others have written in Python serve pending calls, too early.
int startLater(void*) {
  if (!stoppedForFork || forksUnderWay) return 0;
  stoppedForFork = false;
  if (compiling()) startWorker();
  return 0;
}

MethodHook forkHook, forkptyHook;

template <MethodHook* hook>
PyObject* onFork(PyObject* module, PyObject* none) {
  forksUnderWay++;
  PyObject* result = hook->original(module, none);
  forksUnderWay--;
  startLater(nullptr);
  return result;
}

PyObject* beforeFork(PyObject*, PyObject*) {
  stoppedForFork |= workerRuns();
  stopWorker();
  Py_RETURN_NONE;
}

PyObject* inParent(PyObject*, PyObject*) {
  if (stoppedForFork && !forksUnderWay) _PyEval_AddPendingCall(PyInterpreterState_Main(), startLater, nullptr, 0);
  Py_RETURN_NONE;
}

PyObject* inChild(PyObject*, PyObject*) {
  resetWorkerInChild();
  if (forksUnderWay) forksUnderWay = 1;   // those of other threads are not in here
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
  // They stay: a hook that is under way must come back to itself.
  forkHook.install("posix", "fork", reinterpret_cast<void*>(onFork<&forkHook>));
  forkptyHook.install("posix", "forkpty", reinterpret_cast<void*>(onFork<&forkptyHook>));
  return done;
}

}  // namespace od

// overdrive._core: switching on and off, and what can be asked. The Python side (overdrive/__init__.py) is thin.
#include <sys/mman.h>
#include <algorithm>
#include "base/work_memory.h"
#include "cpython/v313/version.h"
#include "frames/frames.h"
#include "jit/code_memory.h"
#include "jit/conductor.h"
#include "jit/method_hook.h"
#include "jit/publish.h"
#include "profile/compiled.h"
#include "support/helpers.h"
#include "support/type_profile.h"

#ifndef OVERDRIVE_VERSION
#define OVERDRIVE_VERSION "0"
#endif

namespace od {
namespace {

bool prepared = false;

PyObject* refuse(const std::string& why) {
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, why.c_str());
  return nullptr;
}

PyObject* atExit(PyObject*, PyObject*);
PyMethodDef atExitMethod = {"_overdrive_at_exit", atExit, METH_NOARGS, nullptr};

bool registerAtExit() {
  PyObject* m = PyImport_ImportModule("atexit");
  PyObject* f = PyCFunction_New(&atExitMethod, nullptr);
  PyObject* r = m && f ? PyObject_CallMethod(m, "register", "O", f) : nullptr;
  bool ok = r != nullptr;
  for (PyObject* o : {m, f, r}) Py_XDECREF(o);
  PyErr_Clear();
  return ok;
}

// What is done once in a process; empty, or why it cannot be served.
std::string prepare() {
  if (prepared) return {};
  if (std::string why = readOptions(); !why.empty()) return why;
  if (std::string name = missingSymbol(); !name.empty()) return "this interpreter does not export " + name;
  if (std::string what = selfCheck(); !what.empty()) return "this interpreter is laid out differently: " + what;
  if (!reserveCodeMemory(size_t(std::max<int64_t>(1, options().codeMemory)) << 20, reinterpret_cast<const void*>(prepareInstall))) return "no address space for compiled code";
  if (!prepareEntry()) return "Python's own call routine was not found";
  prepareInstall();
  if (const EmitContext c = emitContext(nullptr); !c.exitStub || !c.shownHelpers || !c.publish || !c.leave || !c.askWorld) return "memory cannot be made executable here";
  if (!initKinds(layout().kindType) || !initHelpers()) return "the helpers could not be set up";
  frameHooks = conductorHooks();
  if (!registerAtExit() || !prepareFork()) return "the hooks for exit and fork could not be set";
  prepared = true;
  return {};
}

void watchExistingFunctions() {
  PyObject* gc = PyImport_ImportModule("gc");
  PyObject* all = gc ? PyObject_CallMethod(gc, "get_objects", nullptr) : nullptr;
  for (Py_ssize_t i = 0; all && i < PyList_GET_SIZE(all); i++)
    if (PyFunction_Check(PyList_GET_ITEM(all, i))) watchCalls(reinterpret_cast<PyFunctionObject*>(PyList_GET_ITEM(all, i)));
  Py_XDECREF(all);
  Py_XDECREF(gc);
  PyErr_Clear();
}

PyObject* enable(PyObject*, PyObject*) {
  if (compiling()) Py_RETURN_NONE;
  std::string why = prepare();
  if (!why.empty()) return refuse(why);
  if (options().how == Mode::Off) Py_RETURN_NONE;
  if (!prepareWatchers(&why)) return refuse(why);
  if (!installLocalsHook()) return refuse("frame locals cannot be watched");
  installSuperHook();
  WorkMemory::reserve();
  keepChunks();
  startCompiling();
  resumeGenerators();
  prepareLoops();
  if (options().how != Mode::Auto) watchAllLoops();
  if (options().how == Mode::CompileAll || options().how == Mode::Warm) watchExistingFunctions();
  startWorker();
  Py_RETURN_NONE;
}

void stop() {
  if (!compiling()) return;
  stopCompiling();
  leaveGenerators();
  stopWorker();
  dropJobs();
  demoteAll();
  std::vector<Unit*> units = installedUnits();
  for (Unit* u : units) retire(u);   // running activations leave at their next check
  for (Unit* u : units) u->data.expected = kClosed, u->valid = false;
  for (Cell* c : allCells()) {
    c->asked.clear();
    c->lastFunction = nullptr;   // nobody will tell of its death
  }
}

PyObject* disable(PyObject*, PyObject*) {
  if (!compiling()) Py_RETURN_NONE;
  stop();
  disarmLoops();
  removeHooks();
  Py_RETURN_NONE;
}

PyObject* atExit(PyObject*, PyObject*) {
  stop();
  Py_RETURN_NONE;
}

// os._exit(), with which forked workers end, runs nothing that waits for the end of the process.
MethodHook quickExitHook;
PyObject* beforeQuickExit_ = nullptr;

PyObject* onQuickExit(PyObject* module, PyObject* const* args, Py_ssize_t n, PyObject* names) {
  using Original = PyObject* (*)(PyObject*, PyObject* const*, Py_ssize_t, PyObject*);
  PyObject* r = PyObject_CallNoArgs(beforeQuickExit_);
  if (!r) PyErr_WriteUnraisable(beforeQuickExit_);
  Py_XDECREF(r);
  return reinterpret_cast<Original>(reinterpret_cast<void*>(quickExitHook.original))(module, args, n, names);
}

PyObject* beforeQuickExit(PyObject*, PyObject* callable) {
  Py_XSETREF(beforeQuickExit_, Py_NewRef(callable));
  quickExitHook.install("posix", "_exit", reinterpret_cast<void*>(onQuickExit));
  Py_RETURN_NONE;
}

PyObject* stats(PyObject*, PyObject*) { return statsDict(); }
PyObject* explain(PyObject*, PyObject*) { return explainList(); }
PyObject* forgetCounts(PyObject*, PyObject*) {
  od::forgetCounts();
  Py_RETURN_NONE;
}
PyObject* sampled(PyObject*, PyObject*) { return sampledCode(); }
PyObject* version(PyObject*, PyObject*) { return PyUnicode_FromString(OVERDRIVE_VERSION); }
PyObject* knobs(PyObject*, PyObject*) { return PyUnicode_FromString(optionsHelp().c_str()); }

PyObject* compileCode(PyObject*, PyObject* arg) {
  PyObject* code = PyFunction_Check(arg) ? PyFunction_GET_CODE(arg) : arg;
  if (!PyCode_Check(code)) {
    PyErr_SetString(PyExc_TypeError, "compile_code: a function or code object is needed");
    return nullptr;
  }
  if (std::string why = prepare(); !why.empty()) return refuse(why);
  std::string why = tryCompile(reinterpret_cast<PyCodeObject*>(code));
  if (why.empty()) Py_RETURN_NONE;
  return PyUnicode_FromString(why.c_str());
}

PyMethodDef methods[] = {
    {"enable", enable, METH_NOARGS, "Switch compilation on."},
    {"disable", disable, METH_NOARGS, "Switch compilation off."},
    {"stats", stats, METH_NOARGS, "Totals since the process started."},
    {"explain", explain, METH_NOARGS, "What was compiled and declined, a dict a unit."},
    {"before_quick_exit", beforeQuickExit, METH_O, "Call this before os._exit() ends the process."},
    {"forget_counts", forgetCounts, METH_NOARGS, "Start all counts of stats() and explain() again from 0, as a forked child does."},
    {"sampled_code", sampled, METH_NOARGS, "Machine code that the profiler's samples met, a dict a unit."},
    {"version", version, METH_NOARGS, "The version of the compiler."},
    {"knobs", knobs, METH_NOARGS, "The environment variables that are read, a line each."},
    {"compile_code", compileCode, METH_O, "Compile a function without installing it: None, or why it is declined."},
    {nullptr, nullptr, 0, nullptr},
};

int execModule(PyObject* module) {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(PyExc_ImportError, "sub-interpreters are not served");
    return -1;
  }
  return PyModule_Add(module, "compiled_table", PyCapsule_New(profilerChannel(), OD_COMPILED_CAPSULE, nullptr));
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(execModule)},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},   // so that the refusal is ours, in our words
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "overdrive._core", "Overdrive's compiler and runtime.", 0, methods, slots, nullptr, nullptr, nullptr,
};

}  // namespace
}  // namespace od

PyMODINIT_FUNC PyInit__core() { return PyModuleDef_Init(&od::definition); }

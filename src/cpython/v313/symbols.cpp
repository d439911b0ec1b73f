// Every private symbol of CPython that Overdrive links to. Distribution builds are stripped to the exported ones, and the
// dynamic linker binds functions lazily: without this check a missing one would end the process at its first use.
#include <dlfcn.h>
#include "cpython/v313/python.h"
#include "cpython/v313/version.h"

namespace od {
namespace {

constexpr const char* kSymbols[] = {
    "_PyRuntime", "_PyEval_EvalFrameDefault", "_PyEval_FrameClearAndPop", "_PyEvalFramePushAndInit",
    "_PyThreadState_PopFrame", "_Py_HandlePending", "_PyEval_AddPendingCall", "_PyEval_MonitorRaise",
    "_PyFunction_SetVersion", "PyFunction_SetVectorcall", "PyFunction_AddWatcher", "PyCode_AddWatcher",
    "PyType_AddWatcher", "PyDict_AddWatcher", "PyFrameLocalsProxy_Type", "PyThreadState_GetFrame",
    "PyThreadState_GetUnchecked", "PyTraceBack_Here", "_Py_Dealloc", "PyUnstable_AtExit",
    "_PyMonitoring_FireExceptionHandledEvent", "_PyMonitoring_FirePyUnwindEvent", "PyRangeIter_Type",
    "PyListIter_Type", "PyTupleIter_Type", "PyUnstable_Type_AssignVersionTag",
};

}  // namespace

std::string missingSymbol() {
  for (const char* name : kSymbols)
    if (!dlsym(RTLD_DEFAULT, name)) return name;
  return {};
}

}  // namespace od

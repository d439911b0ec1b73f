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
    "_PyMonitoring_FireExceptionHandledEvent", "_PyMonitoring_FirePyUnwindEvent", "_PyMonitoring_FireLineEvent",
    "_PyMonitoring_FireJumpEvent", "PyRangeIter_Type", "PyListIter_Type", "PyTupleIter_Type", "PyGen_Type",
    "_PyGen_SetStopIterationValue", "_PyGen_FetchStopIterationValue", "PyUnstable_Type_AssignVersionTag",
    // used by the helpers (support/)
    "_PyDict_FromItems", "_PyDict_LoadGlobal", "_PyDict_MergeEx", "_PyDict_SetItem_Take2", "_PyEval_BinaryOps",
    "_PyEval_CheckExceptStarTypeValid", "_PyEval_CheckExceptTypeValid", "_PyEval_ConversionFuncs",
    "_PyEval_ExceptionGroupMatch", "_PyEval_FormatExcCheckArg", "_PyEval_FormatExcUnbound",
    "_PyEval_FormatKwargsError", "_PyEval_MatchClass", "_PyEval_MatchKeys", "_PyEval_UnpackIterable",
    "_PyInterpreterState_GetEvalFrameFunc", "_PyIntrinsics_BinaryFunctions", "_PyIntrinsics_UnaryFunctions",
    "_PyList_AppendTakeRefListResize", "_PyList_Extend", "_PyList_FromArraySteal", "_PyLong_Add",
    "_PyLong_Multiply", "_PyLong_Subtract", "_PyObject_FunctionStr", "_PyObject_GetMethod",
    "_PyObject_LookupSpecial", "_PySet_Update", "_PySuper_Lookup", "_PyThreadState_GetCurrent",
    "_PyTuple_FromArraySteal", "_PyType_Lookup", "_PyUnicode_Equal", "_PyUnicode_JoinArray",
    "_Py_CheckFunctionResult", "_Py_FalseStruct", "_Py_FatalErrorFunc", "_Py_GetConfig", "_Py_NoneStruct",
    "_Py_TrueStruct",
};

}  // namespace

std::string missingSymbol() {
  for (const char* name : kSymbols)
    if (!dlsym(RTLD_DEFAULT, name)) return name;
  return {};
}

}  // namespace od

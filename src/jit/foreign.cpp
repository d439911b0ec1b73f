#include "jit/foreign.h"
#include <algorithm>
#include <unordered_set>
#include "frames/frames.h"
#include "jit/conductor.h"
#include "jit/interpose.h"
#include "jit/method_hook.h"

namespace od {
namespace {

// Functions with an entry of somebody else's. Cells count theirs: such code is not entered by compiled callers, who ask
// for the code alone.
std::unordered_set<PyFunctionObject*>& elsewhere() {
  static auto* set = new std::unordered_set<PyFunctionObject*>();
  return *set;
}
bool hooked = false;   // evaluation, as far as units know

bool inMain() { return PyInterpreterState_Get() == PyInterpreterState_Main(); }

// Callers fill in defaults, which an entry of somebody else's must not see: they are compiled again, without the short cut.
void callersAskAgain(Cell* cell) {
  std::vector<Unit*> callers;
  for (Unit* u : installedUnits())
    if (std::find(u->callees.begin(), u->callees.end(), cell) != u->callees.end()) callers.push_back(u);
  for (Unit* u : callers) invalidate(u);
}

void addTo(Cell* cell) {
  if (cell->elsewhere++) return;
  if (cell->function) retire(cell->function);
  callersAskAgain(cell);
}

void takeFrom(Cell* cell) {
  if (cell && cell->elsewhere && --cell->elsewhere == 0) cell->asked.erase({UnitKind::Function, 0u});
}

void onSetVectorcall(PyFunctionObject* func, vectorcallfunc entry) {
  PyFunction_SetVectorcall(func, entry);
  if (!inMain()) return;
  if (!answersElsewhere(func)) foreignDied(func);
  else if (elsewhere().insert(func).second) addTo(cellFor(codeOfFunction(reinterpret_cast<PyObject*>(func))));
}

void onSetEvalFrame(PyInterpreterState* interp, _PyFrameEvalFunction eval) {
  _PyInterpreterState_SetEvalFrameFunc(interp, eval);
  if (inMain()) noticeEvalHook(PyThreadState_GetUnchecked());
}

MethodHook createDynamic, perfOn, perfOff;

PyObject* onCreateDynamic(PyObject* self, PyObject* const* args, Py_ssize_t n) {
  PyObject* result = createDynamic.callFast(self, args, n);
  if (!inMain()) return result;
  interposeLoaded();
  noticeEvalHook(PyThreadState_GetUnchecked());   // set while the module was initialised
  return result;
}

PyObject* noticed(PyObject* result) {
  if (inMain()) noticeEvalHook(PyThreadState_GetUnchecked());
  return result;
}
PyObject* onPerfOn(PyObject* self, PyObject* backend) { return noticed(perfOn.original(self, backend)); }
PyObject* onPerfOff(PyObject* self, PyObject* unused) { return noticed(perfOff.original(self, unused)); }

}  // namespace

void watchForeign() {
  hooked = evalHooked(PyThreadState_GetUnchecked());
  interpose("PyFunction_SetVectorcall", reinterpret_cast<void*>(onSetVectorcall));
  interpose("_PyInterpreterState_SetEvalFrameFunc", reinterpret_cast<void*>(onSetEvalFrame));
  createDynamic.install("_imp", "create_dynamic", reinterpret_cast<void*>(onCreateDynamic));
  perfOn.install("sys", "activate_stack_trampoline", reinterpret_cast<void*>(onPerfOn));
  perfOff.install("sys", "deactivate_stack_trampoline", reinterpret_cast<void*>(onPerfOff));
}

void forgetForeign() {
  createDynamic.remove();
  perfOn.remove();
  perfOff.remove();
}

bool answersElsewhere(PyFunctionObject* func) {
  return func->vectorcall != originalVectorcall() && !isOurEntry(func->vectorcall);
}

void foreignDied(PyFunctionObject* func) {
  if (elsewhere().empty() || !elsewhere().erase(func)) return;
  takeFrom(findCell(codeOfFunction(reinterpret_cast<PyObject*>(func))));
}

void foreignGetsCode(PyFunctionObject* func, PyCodeObject* code) {
  if (!elsewhere().count(func)) return;
  takeFrom(findCell(codeOfFunction(reinterpret_cast<PyObject*>(func))));
  addTo(cellFor(code));
}

PyObject* callElsewhere(PyThreadState* ts, Frame* f, PyFunctionObject* func) {
  const Py_ssize_t n = reinterpret_cast<PyCodeObject*>(func->func_code)->co_argcount;
  std::vector<PyObject*> args(size_t(n) + 1);   // a word is free before them
  std::copy_n(f->localsplus, n, args.begin() + 1);
  PyObject* callable = reinterpret_cast<PyObject*>(func);
  PyObject* result = func->vectorcall(callable, args.data() + 1, size_t(n) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  for (Py_ssize_t i = 1; i <= n; i++) Py_DECREF(args[size_t(i)]);
  return _Py_CheckFunctionResult(ts, callable, result, nullptr);
}

void noticeEvalHook(PyThreadState* ts) {
  if (evalHooked(ts) == hooked) return;
  hooked = !hooked;
  closeAll();
}

}  // namespace od

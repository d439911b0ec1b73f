// Noticing changes of the program: functions and code objects that come and go, and functions of CPython that change the
// world without moving the breaker word.
//
// CPython has eight watchers of each kind for the whole process. Without one for functions and one for code Overdrive does
// not start.
#include <string>
#include <string_view>
#include <unordered_set>
#include "base/address_filter.h"
#include "frames/frames.h"
#include "jit/caller.h"
#include "jit/conductor.h"
#include "jit/foreign.h"
#include "jit/method_hook.h"

namespace od {
namespace {

int functionWatcher = -1, codeWatcher = -1;

// Whether a cell may remember a function, by its address: closures come and go by the million, and seldom one of these.
AddressFilter remembered;

// It dies or gets other code.
void forgetFunction(PyFunctionObject* func) {
  if (!remembered.mayHave(func)) return;
  Cell* cell = findCell(codeOfFunction(reinterpret_cast<PyObject*>(func)));
  if (cell && cell->lastFunction == func) cell->lastFunction = nullptr;
}

int onFunction(PyFunction_WatchEvent event, PyFunctionObject* func, PyObject* value) {
  switch (event) {
    case PyFunction_EVENT_CREATE:
      if (!compiling() || func->vectorcall != originalVectorcall()) break;
      if (options().how == Mode::CompileAll || options().how == Mode::Warm) watchCalls(func);
      else if (Cell* cell = findCell(reinterpret_cast<PyCodeObject*>(func->func_code)); cell && cell->function)
        promote(func, cell);
      break;
    case PyFunction_EVENT_DESTROY:
      functionDied(func);
      foreignDied(func);
      forgetFunction(func);
      break;
    case PyFunction_EVENT_MODIFY_CODE:
      // Frames of the old code borrow it from the function, which is about to give it up: keep it. This is rare.
      if (Cell* cell = findCell(reinterpret_cast<PyCodeObject*>(func->func_code)); cell && cell->function)
        Py_INCREF(func->func_code);
      forgetFunction(func);
      foreignGetsCode(func, reinterpret_cast<PyCodeObject*>(value));
      [[fallthrough]];
    default:
      functionChanged(func);
  }
  return 0;
}

// Code objects for which another tool has local CALL events.
std::unordered_set<PyCodeObject*>& callsWatchedIn() {
  static auto* set = new std::unordered_set<PyCodeObject*>();
  return *set;
}

int onCode(PyCodeEvent event, PyCodeObject* code) {
  if (event == PY_CODE_EVENT_DESTROY) {
    callsWatchedIn().erase(code);
    forgetSpreadCalls(code);
    forgetCode(code);
  }
  return 0;
}

// --- CPython's functions that change the world silently
MethodHook setEventsHook, setLocalEventsHook, traceStartHook, traceStopHook;
MethodHook refcountHook;   // stays for good: frames may outlive the compiler's being switched off

// A vectorcall looks like C to CALL events, and RAISE shows another offset behind one.
void noteCallEvents() {
  constexpr int kOthers = ~(1 << kToolId);
  PyThreadState* ts = PyThreadState_GetUnchecked();
  bool everywhere = (toolsFor(ts, PY_MONITORING_EVENT_CALL) | toolsFor(ts, PY_MONITORING_EVENT_RAISE)) & kOthers;
  showCalls(everywhere || !callsWatchedIn().empty());
}

PyObject* onSetEvents(PyObject* self, PyObject* const* args, Py_ssize_t n) {
  PyObject* result = setEventsHook.callFast(self, args, n);
  if (PyInterpreterState_Get() == PyInterpreterState_Main()) noteCallEvents();
  return result;
}

// Local events leave the global version alone: units of the code must look again.
PyObject* onSetLocalEvents(PyObject* self, PyObject* const* args, Py_ssize_t n) {
  PyObject* result = setLocalEventsHook.callFast(self, args, n);
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) return result;
  if (n >= 1 && PyLong_Check(args[0]) && PyLong_AsLong(args[0]) != kToolId) closeAll();
  if (n >= 2 && PyCode_Check(args[1])) {
    PyCodeObject* code = reinterpret_cast<PyCodeObject*>(args[1]);
    if (othersWatchCalls(code)) callsWatchedIn().insert(code);
    else callsWatchedIn().erase(code);
    noteCallEvents();
  }
  return result;
}

PyObject* onTraceStart(PyObject* self, PyObject* const* args, Py_ssize_t n) {
  PyObject* result = traceStartHook.callFast(self, args, n);
  if (result) {
    setAllocationTraced(true);
    closeAll();
  }
  return result;
}

PyObject* onTraceStop(PyObject* self, PyObject* unused) {
  PyObject* result = traceStopHook.original(self, unused);
  setAllocationTraced(false);
  return result;
}

PyObject* onGetRefcount(PyObject* self, PyObject* object) {
  PyObject* count = refcountHook.original(self, object);
  const Py_ssize_t missing = count ? missingReferences(object) : 0;
  if (missing) Py_SETREF(count, PyLong_FromSsize_t(PyLong_AsSsize_t(count) + missing));
  return count;
}

bool tracemallocRuns() {
  PyObject* m = PyImport_ImportModule("_tracemalloc");
  PyObject* r = m ? PyObject_CallMethod(m, "is_tracing", nullptr) : nullptr;
  bool runs = r && PyObject_IsTrue(r) == 1;
  Py_XDECREF(r);
  Py_XDECREF(m);
  PyErr_Clear();
  return runs;
}

}  // namespace

void rememberFunction(Cell* cell, PyFunctionObject* func) {
  cell->lastFunction = func;
  remembered.note(func);
}

bool prepareWatchers(std::string* why) {
  if (functionWatcher < 0) functionWatcher = PyFunction_AddWatcher(onFunction);
  if (codeWatcher < 0) codeWatcher = PyCode_AddWatcher(onCode);
  PyErr_Clear();
  if (functionWatcher < 0 || codeWatcher < 0) {
    *why = "other extensions use all of CPython's function or code watchers";
    return false;
  }
  setEventsHook.install("sys", "monitoring.set_events", reinterpret_cast<void*>(onSetEvents));
  noteCallEvents();
  setLocalEventsHook.install("sys", "monitoring.set_local_events", reinterpret_cast<void*>(onSetLocalEvents));
  traceStartHook.install("_tracemalloc", "start", reinterpret_cast<void*>(onTraceStart));
  traceStopHook.install("_tracemalloc", "stop", reinterpret_cast<void*>(onTraceStop));
  refcountHook.install("sys", "getrefcount", reinterpret_cast<void*>(onGetRefcount));
  setAllocationTraced(tracemallocRuns());
  watchForeign();
  return true;
}

void MethodHook::install(const char* module, const char* path, void* replacement) {
  if (method) return;
  PyObject* f = PyImport_ImportModule(module);
  for (std::string_view rest = path; f && !rest.empty();) {
    const size_t dot = rest.find('.');
    PyObject* next = PyObject_GetAttrString(f, std::string(rest.substr(0, dot)).c_str());
    Py_SETREF(f, next);
    rest = dot == rest.npos ? std::string_view() : rest.substr(dot + 1);
  }
  if (f && PyCFunction_Check(f)) {
    method = reinterpret_cast<PyCFunctionObject*>(f)->m_ml;
    original = method->ml_meth;
    method->ml_meth = reinterpret_cast<PyCFunction>(replacement);
  }
  PyErr_Clear();
  Py_XDECREF(f);
}

void removeHooks() {
  setEventsHook.remove();
  setLocalEventsHook.remove();
  traceStartHook.remove();
  traceStopHook.remove();
  forgetForeign();
  if (functionWatcher >= 0) PyFunction_ClearWatcher(functionWatcher);
  functionWatcher = -1;
  PyErr_Clear();
}

}  // namespace od

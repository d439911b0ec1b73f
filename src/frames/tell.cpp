// Events that the interpreter cannot tell of after compiled code was left.
//
// It reports a line when the instruction before was on another one, and takes for that the frame's instr_ptr: in a frame that
// it is given, the very instruction with which it begins. Nothing is lost as long as nobody watches, and nobody did when the
// code was entered; but a destructor, a property, a signal handler may have begun to (a debugger does), and so the exit
// behind such a call-out tells of the line itself.
#include "frames/frames.h"

namespace od {

bool tellLine(PyThreadState* ts, Frame* f, uint32_t from) {
  PyCodeObject* code = frameCode(f);
  const uint32_t to = uint32_t(frameOffset(f));
  PyMonitoringState state{};
  state.active = from == to ? 0 : toolsForLine(ts, code, to);
  if (!state.active || ts->tracing) [[likely]] return true;
  auto lineAt = [code](uint32_t at) { return PyCode_Addr2Line(code, int(at * sizeof(_Py_CODEUNIT))); };
  const int line = lineAt(to);
  if (line < 0 || line == lineAt(from)) return true;
  return _PyMonitoring_FireLineEvent(&state, reinterpret_cast<PyObject*>(code), int(to * sizeof(_Py_CODEUNIT)), line) == 0;
}

bool tellJump(PyThreadState* ts, Frame* f, uint32_t target) {
  PyCodeObject* code = frameCode(f);
  PyMonitoringState state{};
  state.active = toolsFor(ts, code, PY_MONITORING_EVENT_JUMP) & ~(1u << kToolId);
  if (!state.active || ts->tracing) [[likely]] return true;
  PyObject* to = PyLong_FromSize_t(target * sizeof(_Py_CODEUNIT));
  if (!to) return false;
  const int failed = _PyMonitoring_FireJumpEvent(&state, reinterpret_cast<PyObject*>(code), int(frameOffset(f) * int(sizeof(_Py_CODEUNIT))), to);
  Py_DECREF(to);
  return !failed;
}

}  // namespace od

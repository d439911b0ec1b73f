// An exception leaves an instruction: what ceval.c does from its `error` label on, for a frame that compiled code has just
// given back. EvalFrameDefault's own entry for this (throwflag) would look the handler up one unit too early and report
// PY_THROW, so it is done here; monitoring events are those that ceval.c would send.
#include <utility>
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"

namespace od {
namespace {

// The table is a sequence of entries (start, size, target, depth << 1 | lasti) in base-64 varints, ordered by start.
struct TableReader {
  const uint8_t* p;
  const uint8_t* end;
  uint32_t varint() {
    uint32_t v = *p & 63;
    while (*p & 64) v = (v << 6) | (*++p & 63);
    p++;
    return v;
  }
};

// ceval.c reports the last unit of the instruction, caches included.
uint32_t lastUnitOf(PyCodeObject* code, uint32_t at) {
  PyObject* plain = PyCode_GetCode(code);   // cached by the code object; without specialisation and instrumentation
  if (!plain) { PyErr_Clear(); return at; }
  uint8_t op = uint8_t(PyBytes_AS_STRING(plain)[2 * at]);
  Py_DECREF(plain);
  return at + uint32_t(inlineCaches(op));
}

// The exception stays set. False: a callback raised another one instead.
template <class Offset>
bool fireWithException(PyThreadState* ts, PyCodeObject* code, int event, Offset offsetOf,
                       int (*fire)(PyMonitoringState*, PyObject*, int32_t)) {
  PyMonitoringState state{};
  state.active = toolsFor(ts, event);
  if (!state.active || ts->tracing) [[likely]] return true;
  uint32_t offset = offsetOf();
  return fire(&state, reinterpret_cast<PyObject*>(code), int32_t(offset * sizeof(_Py_CODEUNIT))) == 0;
}

void addTraceback(PyThreadState* ts, Frame* f) {
  if (_PyFrame_IsIncomplete(f)) return;
  PyFrameObject* fo = PyThreadState_GetFrame(ts);
  if (!fo) {   // no memory for it, and the exception is lost: the interpreter goes on with this one
    PyErr_NoMemory();
    return;
  }
  PyTraceBack_Here(fo);
  Py_DECREF(fo);
}

void popTo(Frame* f, PyCodeObject* code, uint32_t depth) {
  int target = code->co_nlocalsplus + int(depth);
  while (f->stacktop > target) {
    PyObject* o = f->localsplus[--f->stacktop];
    Py_XDECREF(o);
  }
}

}  // namespace

bool findHandler(PyCodeObject* code, uint32_t at, Handler* out) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(PyBytes_AS_STRING(code->co_exceptiontable));
  TableReader r{p, p + PyBytes_GET_SIZE(code->co_exceptiontable)};
  while (r.p < r.end) {
    uint32_t start = r.varint(), size = r.varint(), target = r.varint(), depth = r.varint();
    if (at < start) return false;
    if (at < start + size) {
      *out = {target, depth >> 1, (depth & 1) != 0};
      return true;
    }
  }
  return false;
}

const Handler* handlerOf(KnownState& s, PyCodeObject* code) {
  if (s.hasHandler == KnownState::Unknown) s.hasHandler = findHandler(code, s.at, &s.handler) ? KnownState::Found : KnownState::None;
  return s.hasHandler == KnownState::Found ? &s.handler : nullptr;
}

int unwindTo(PyThreadState* ts, Frame* f, uint32_t at, const Handler* known) {
  PyCodeObject* code = frameCode(f);
  addTraceback(ts, f);
  if (othersWatchEverything(ts)) [[unlikely]] _PyEval_MonitorRaise(ts, f, firstInstr(code) + lastUnitOf(code, at));
  Handler h;
  for (;;) {
    if (!known) {
      popTo(f, code, 0);
      fireWithException(ts, code, PY_MONITORING_EVENT_PY_UNWIND, [&] { return lastUnitOf(code, at); },
                        _PyMonitoring_FirePyUnwindEvent);
      return -1;
    }
    h = *known;
    popTo(f, code, h.depth);
    if (h.lasti) {
      PyObject* lasti = PyLong_FromLong(frameOffset(f));
      if (!lasti) { popTo(f, code, 0); return -1; }   // as ceval.c: the exception goes on to the caller
      f->localsplus[f->stacktop++] = lasti;
    }
    bool accepted = fireWithException(ts, code, PY_MONITORING_EVENT_EXCEPTION_HANDLED, [&] { return h.target; },
                                      _PyMonitoring_FireExceptionHandledEvent);
    if (!accepted) {   // a callback's exception is raised where the handler would have begun
      f->localsplus[f->stacktop++] = Py_NewRef(Py_None);
      at = h.target - 1;
      known = findHandler(code, at, &h) ? &h : nullptr;
      continue;
    }
    f->localsplus[f->stacktop++] = std::exchange(ts->current_exception, nullptr);
    return int(h.target);
  }
}

int unwindToHandler(PyThreadState* ts, Frame* f, uint32_t at) {
  Handler h;
  return unwindTo(ts, f, at, findHandler(frameCode(f), at, &h) ? &h : nullptr);
}

}  // namespace od

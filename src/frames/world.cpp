// Noticing that the world has changed: tools and tracers, invalidated units, locals handed out, pending work.
//
// A unit compares one word, its UnitData::expected, with the thread's breaker word. The breaker holds the instrumentation
// version and eight bits of pending work, so one comparison covers signals, thread switches, the collector, pending calls
// and every change of global monitoring. Everything else (local monitoring, an invalidated unit, f_locals handed out) is
// turned into a mismatch by storing kClosed there. What the mismatch means is decided here, off the hot path.
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"

namespace od {
namespace {
bool allocationTracing = false;
}

void setAllocationTraced(bool on) { allocationTracing = on; }
bool allocationTraced() { return allocationTracing; }

bool worldIsOpen(PyThreadState* ts) { return !allocationTracing && !evalHooked(ts) && !othersWatchEverything(ts); }

uint64_t expectedWorld(PyThreadState* ts, const Unit& u) {
  if (!u.valid || u.localsOut || !u.code || !worldIsOpen(ts)) return kClosed;
  if (othersWatchCode(u.code) || !codeIsUpToDate(ts, u.code)) return kClosed;
  return worldVersion(ts);
}

// The record says which call-out the frame stands at, as does its instruction; its values are in their spill slots.
Shown::Shown(PyThreadState* ts, Frame* f, NativeRecord* rec) : ts_(ts), frame_(f), mine_(ts->current_frame != f) {
  if (!mine_) return;
  Unit* u = rec->unit->unit;
  borrowHeader(f, u->code, f->f_funcobj, ts->current_frame);
  f->stacktop = kNativeStacktop;
  f->localsplus[u->code->co_nlocalsplus + u->code->co_stacksize - 1] = reinterpret_cast<PyObject*>(rec);
  ts->current_frame = f;
}

bool Shown::hide() {
  if (!mine_) return true;
  if (PyFrameObject* fo = frame_->frame_obj) {
    if (Py_REFCNT(fo) > 1) return false;
    frame_->frame_obj = nullptr;
    Py_DECREF(fo);
  }
  ts_->current_frame = frame_->previous;
  return true;
}

// A frame object that only the returning frame holds, as after an exception was handled, goes first, as in ceval.c.
extern "C" int64_t odDropFrameObject(PyThreadState* ts, Frame* f, NativeRecord* rec) {
  PyFrameObject* fo = f->frame_obj;
  if (Py_REFCNT(fo) > 1 || rec->flags & kRecordLocalsOut) return 1;
  ts->current_frame = f->previous;
  f->frame_obj = nullptr;
  Py_DECREF(fo);
  return 0;
}

namespace {

// Would the interpreter look for work at the instruction where the record stands? Elsewhere threads may not take turns and
// no handler may run: programs rely on `d[k] += 1` being done in one go.
bool servesWork(Unit& u, const NativeRecord* rec) {
  const StateId state(rec->state);
  if (!u.code || !u.exits.has(state)) return true;
  const uint8_t op = firstInstr(u.code)[u.exits.at(state)].op.code;
  return isBackwardJump(op) || isResume(op) || checksBreaker(op);
}

}  // namespace

extern "C" int64_t odCheckWorld(PyThreadState* ts, Frame* f, NativeRecord* rec) {
  Unit* u = rec->unit->unit;
  bool held = false;
  if (workPending(ts) && servesWork(*u, rec)) {
    Shown shown(ts, f, rec);
    int failed = _Py_HandlePending(ts);
    held = !shown.hide();
    if (failed) return 1;   // the exit raises what is set
  }
  uint64_t expected = expectedWorld(ts, *u);
  rec->unit->expected = expected;
  return held || expected == kClosed || (rec->flags & kRecordLocalsOut);
}

}  // namespace od

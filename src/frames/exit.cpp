// Leaving compiled code. The common exit stub saves every register and calls odExit, which makes of the frame what the
// interpreter would have had at that instruction, and goes on there.
//
// Order matters: first the values (no code runs), then the header (complete and current, so that whatever runs next sees
// it), then leftover references are given up, then the interpreter takes over.
//
// Function and Continuation units own their frame: it was pushed by compiled code, with borrowed references in its header;
// they become owned when the interpreter gets the frame. Loop units work on the interpreter's own frame and return to the
// callback that entered them (jit/osr.cpp).
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "support/reasons.h"

namespace od {
namespace {

struct Leaving {
  PyThreadState* ts;
  Frame* frame;
  Unit* unit;
  KnownState& state;
  PyCodeObject* code;
  ExitKind kind;       // of the state, unless something was raised meanwhile
  uint16_t drop;
  uint32_t at;         // the instruction that raises
};

void countExit(const Leaving& l, uint32_t id) {
  auto& counts = l.unit->exitCounts;
  if (counts.size() <= id) counts.resize(id + 1);
  counts[id]++;
  if (forcedExits.every && forcedExits.countdown == 0) {   // deopt:N made it leave
    forcedExits.countdown = forcedExits.every;
    return;
  }
  if (l.kind == ExitKind::Resume && isGuess(l.state.reason)) {
    l.unit->guessFailures++;
    if (frameHooks.guessFailed) frameHooks.guessFailed(l.unit, l.state.at, l.state.reason);
  }
}

// Function units: the header is complete and the frame current, still with borrowed references.
void publish(const Leaving& l) {
  Frame* f = l.frame;
  if (l.ts->current_frame == f) return;
  if (!l.state.published) borrowHeader(f, l.code, f->f_funcobj, l.ts->current_frame);
  if (l.kind != ExitKind::Return || !l.state.published) l.ts->current_frame = f;
}

void releaseMemory(const Leaving& l) {
  l.ts->datastack_top = reinterpret_cast<PyObject**>(l.frame) + l.code->co_framesize;
}

PyObject* interpretFromHere(const Leaving& l) {
  Frame* f = l.frame;
  ownHeader(f);
  f->return_offset = 0;
  unlinkFrame(l.ts, f);
  return _PyEval_EvalFrameDefault(l.ts, f, 0);
}

void clearAndPop(const Leaving& l) {
  Frame* f = l.frame;
  ownHeader(f);
  f->return_offset = 0;
  clearFrame(l.ts, f);
}

// The stack entries that the failed instruction was holding go first, in its order.
void dropOperands(const Leaving& l) {
  Frame* f = l.frame;
  int top = f->stacktop, first = top - l.drop;
  f->stacktop = first;
  for (int i = first; i < top; i++) Py_XDECREF(f->localsplus[i]);
}

// A compiled handler continues in the frame; null if it has no room or is not there.
void* enterContinuation(const Leaving& l, Unit* u) {
  PyThreadState* ts = l.ts;
  Frame* f = l.frame;
  if (!mayRunNow(ts, u)) return nullptr;
  // The frame's last word will name the record, so the handler's stack must not reach it.
  if (f->stacktop >= l.code->co_nlocalsplus + l.code->co_stacksize) return nullptr;
  int words = 2 + int(u->spillSlots);
  if (!dataStackHas(ts, words + kStackReserve)) return nullptr;
  NativeRecord* rec = reinterpret_cast<NativeRecord*>(ts->datastack_top);
  *rec = NativeRecord{&u->data, 0, 0};
  f->localsplus[l.code->co_nlocalsplus + l.code->co_stacksize - 1] = reinterpret_cast<PyObject*>(rec);
  f->stacktop = kNativeStacktop;
  return u->entry;
}

// The handler that the exception goes to, perhaps in `room`; null: there is none.
const Handler* handlerOf(const Leaving& l, Handler& room) {
  if (l.at == l.state.at) return handlerOf(l.state, l.code);
  return findHandler(l.code, l.at, &room) ? &room : nullptr;
}

ExitAnswer raiseInFunction(const Leaving& l) {
  dropOperands(l);
  Handler room;
  int handler = unwindTo(l.ts, l.frame, l.at, handlerOf(l, room));
  if (handler < 0) {
    clearAndPop(l);
    return {nullptr, nullptr};
  }
  uint32_t depth = uint32_t(l.frame->stacktop - l.code->co_nlocalsplus);
  setFrameOffset(l.frame, l.code, uint32_t(handler));
  if (Unit* next = frameHooks.continuation(l.unit, uint32_t(handler), depth))
    if (void* target = enterContinuation(l, next)) return {nullptr, target};
  return {interpretFromHere(l), nullptr};
}

ExitAnswer leaveFunction(const Leaving& l) {
  switch (l.kind) {
    case ExitKind::Resume: return {interpretFromHere(l), nullptr};
    case ExitKind::Raise: return raiseInFunction(l);
    case ExitKind::Return: {
      PyObject* result = l.frame->localsplus[--l.frame->stacktop];
      clearAndPop(l);
      return {result, nullptr};
    }
  }
  return {nullptr, nullptr};
}

ExitAnswer leaveLoop(const Leaving& l) {
  auto result = [](LoopResult r) { return ExitAnswer{reinterpret_cast<void*>(r), nullptr}; };
  Frame* f = l.frame;
  if (l.kind == ExitKind::Raise) {
    dropOperands(l);
    // Without a handler the interpreter raises it (it adds the traceback entry and sends the events).
    Handler room;
    const Handler* known = handlerOf(l, room);
    if (!known) return result(LoopResult::Propagate);
    int handler = unwindTo(l.ts, f, l.at, known);
    if (handler < 0) return result(LoopResult::Propagate);
    const uint32_t depth = uint32_t(f->stacktop - l.code->co_nlocalsplus);
    setFrameOffset(f, l.code, uint32_t(handler));
    if (Unit* next = frameHooks.continuation(l.unit, uint32_t(handler), depth))
      if (NativeRecord* rec = prepareLoopFrame(l.ts, f, next)) return {rec, next->entry};
  }
  return result(LoopResult::Resumed);
}

// Something was raised on the way out, behind an instruction that holds no operands any more.
void raiseAt(Leaving& l, uint32_t at) {
  l.kind = ExitKind::Raise;
  l.drop = 0;
  l.at = at;
}

// What a destructor has changed in the first half of a superinstruction, the second sees as the interpreter's would.
void executeHalf(const Leaving& l) {
  if (l.state.kind != ExitKind::Resume || !(l.state.drop & FrameState::kHalf)) return;
  Frame* f = l.frame;
  PyObject** local = &f->localsplus[l.state.drop & ~(FrameState::kHalf | FrameState::kStores)];
  if (l.state.drop & FrameState::kStores) Py_XSETREF(*local, f->localsplus[--f->stacktop]);
  else f->localsplus[f->stacktop++] = Py_XNewRef(*local);
}

// Compiled code leaves after a call-out when work is pending. If the instruction was a call, the interpreter would have
// served it then and there, with the result on the stack, and have raised what comes of it at the call.
void serveAfterCall(Leaving& l) {
  const DecodedState& s = l.state;
  if (l.kind != ExitKind::Resume || s.reason != uint16_t(Reason::world) || s.resume == s.at || !workPending(l.ts)) return;
  if (!checksBreaker(firstInstr(l.code)[s.at].op.code)) return;
  if (_Py_HandlePending(l.ts) != 0) raiseAt(l, s.at);
}

// Behind a call-out, the frame shows where it goes on.
void goOnBehind(Leaving& l) {
  if (l.kind != ExitKind::Resume) return;
  setFrameOffset(l.frame, l.code, l.state.resume);
  if (!tellLine(l.ts, l.frame, l.state.at)) [[unlikely]] raiseAt(l, l.state.resume);
}

}  // namespace

KnownState& Unit::state(StateId id) {
  auto it = std::lower_bound(decoded.begin(), decoded.end(), id.raw, [](const auto& known, uint32_t raw) { return known->id.raw < raw; });
  if (it != decoded.end() && (*it)->id == id) [[likely]] return **it;
  return **decoded.insert(it, std::make_unique<KnownState>(id, exits.decode(id)));
}

extern "C" ExitAnswer odExit(ExitRegs* regs, void* thread, void* itsFrame, uint64_t* spill, UnitData* data, uint64_t stateId) {
  PyThreadState* ts = static_cast<PyThreadState*>(thread);
  Frame* frame = static_cast<Frame*>(itsFrame);
  NativeRecord* rec = reinterpret_cast<NativeRecord*>(spill) - 1;
  Unit* unit = data->unit;
  uint32_t id = uint32_t(stateId);
  KnownState& state = unit->state(StateId(id));
  Leaving l{ts, frame, unit, state, unit->code, state.kind, state.drop, state.at};
  // What pending work has raised, the instruction that served it raises: a back-edge, a call.
  if (l.kind == ExitKind::Resume && ts->current_exception) raiseAt(l, state.at);
  // Inlined frames will be materialised here, outermost first, each on the data stack above its parent.
  bool localsOut = rec->flags & kRecordLocalsOut;
  Leftovers left;
  materialise(frame, l.code, l.state, {regs, spillOf(rec)}, localsOut, left);
  if (localsOut) unit->localsOut--;
  if (unit->data.expected == kClosed) unit->data.expected = expectedWorld(ts, *unit);
  const bool borrowed = borrowsFrame(unit->kind);
  if (borrowed) {
    forgetLoopFrame(frame);
    _PyThreadState_PopFrame(ts, reinterpret_cast<Frame*>(rec));   // and the chunk that was opened for it
  } else {
    publish(l);
    releaseMemory(l);
  }
  setFrameOffset(frame, l.code, l.state.at);
  countExit(l, id);
  left.release();
  executeHalf(l);
  serveAfterCall(l);
  goOnBehind(l);
  return borrowed ? leaveLoop(l) : leaveFunction(l);
}

}  // namespace od

// Into suspended generators: PyGen_Type's tp_iternext is ours. Where the point at which a generator goes on has a unit, that
// runs on the generator's own frame until the next yield; else CPython's function does.
//
// The interpreter resumes generators of its own for loops in place, without asking the type; those for loops are compiled
// themselves when they are hot, and compiled code asks. So do next() and everything in C that iterates.
//
// Like an iteration of a loop, a resumption is too short to be sampled: it is counted.
#include "cpython/v313/canonical.h"
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/conductor.h"
#include "support/helpers.h"

namespace od {
namespace {

constexpr uint32_t kOften = 500;   // resumptions at a point before it is compiled

iternextfunc original = nullptr;
PyInterpreterState* home = nullptr;

// Where generators go on, by the instruction's address; a cache. With what a resumption needs of the unit, which lies elsewhere.
struct ResumePoint {
  const void* at = nullptr;
  Unit* unit = nullptr;
  UnitData* data = nullptr;
  LoopEntry entry = nullptr;
  int top = 0;               // what the frame's stacktop is, before the value that it is resumed with
  int words = 0, last = 0;   // of the record and what lies behind it; the frame's word that names the record
  uint32_t count = 0, since = 0;   // see isOften

  void setUnit(Unit* u) {
    unit = u;
    if (!u) return;
    data = &u->data;
    entry = reinterpret_cast<LoopEntry>(u->entry);
    top = int(u->nlocalsplus() + u->entryDepth) - 1;
    words = 2 + int(u->spillSlots);
    last = int(u->nlocalsplus()) + u->code->co_stacksize - 1;
  }
};
constexpr size_t kPoints = 1024;
ResumePoint points[kPoints];

ResumePoint& pointAt(const void* instr) {
  const auto at = reinterpret_cast<uintptr_t>(instr);
  return points[(at >> 1 ^ at >> 11) % kPoints];
}

ResumePoint& pointOf(Frame* f) {
  ResumePoint& p = pointAt(f->instr_ptr);
  if (p.at != f->instr_ptr) [[unlikely]] {
    Cell* cell = findCell(frameCode(f));
    p = {f->instr_ptr};
    p.setUnit(cell ? cell->unit(UnitKind::Resume, uint32_t(frameOffset(f))) : nullptr);
  }
  return p;
}

bool isDue(ResumePoint& p) {
  const uint32_t often = options().how == Mode::Auto ? kOften : options().how == Mode::CompileAll ? 0 : options().count;
  if (++p.count <= often) return false;
  return options().how != Mode::Auto || (p.count % kOften == 1 && isOften(kOften, p.since));
}

// The frame's unit after the request; null: none yet.
Unit* ask(Frame* f) {
  Cell* cell = cellFor(frameCode(f));
  PyFunctionObject* func = PyFunction_Check(f->f_funcobj) ? reinterpret_cast<PyFunctionObject*>(f->f_funcobj) : nullptr;
  const uint32_t pc = uint32_t(frameOffset(f)), depth = uint32_t(f->stacktop - frameCode(f)->co_nlocalsplus) + 1;
  request({cell, UnitKind::Resume, pc, depth, func}, options().how == Mode::Auto ? When::Soon : When::Now);
  return cell->unit(UnitKind::Resume, pc);
}

// What tp_iternext makes of what a generator returns.
PyObject* stop(PyObject* result) {
  if (result != Py_None) _PyGen_SetStopIterationValue(result);
  Py_DECREF(result);
  return nullptr;
}

// The interpreter goes on.
PyObject* interpret(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  unlinkGenerator(ts, f);
  PyObject* result = _PyEval_EvalFrame(ts, f, 0);
  return !result || isSuspended(gen) ? result : stop(result);
}

PyObject* clear(PyThreadState* ts, Frame* f, PyObject* result) {
  clearFrame(ts, f);
  return result;
}

PyObject* raise(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  const int handler = unwindToHandler(ts, f, uint32_t(frameOffset(f)));
  if (handler >= 0) {
    setFrameOffset(f, frameCode(f), uint32_t(handler));
    return interpret(ts, gen, f);
  }
  return clear(ts, f, nullptr);
}

// A unit that hands over to the interpreter most of the time is given up.
void judge(Unit* u) {
  constexpr uint32_t kVisits = 1000;
  u->handedOver++;
  if (u->data.entries - u->judgedAt < kVisits) return;
  const bool useless = u->handedOver * 2 > kVisits;
  u->judgedAt = u->data.entries;
  u->handedOver = 0;
  if (useless && u->cell->underWay.empty() && options().how == Mode::Auto && u->valid) giveUpLoop(u);
}

// The unit has run.
PyObject* settle(PyThreadState* ts, PyGenObject* gen, Frame* f, NativeRecord* rec, Unit* u, void* result) {
  switch (LoopResult(reinterpret_cast<uintptr_t>(result))) {
    case LoopResult::Propagate: return raise(ts, gen, f);
    case LoopResult::Resumed:
      judge(u);
      return interpret(ts, gen, f);
    default: break;
  }
  const int depth = int(rec->state);
  _PyThreadState_PopFrame(ts, reinterpret_cast<Frame*>(rec));   // and the chunk that was opened for it
  if (reinterpret_cast<uintptr_t>(result) == kFinished) {
    f->stacktop = depth - 1;
    return stop(clear(ts, f, f->localsplus[depth - 1]));
  }
  suspendGenerator(ts, gen, f);
  f->stacktop = depth;   // only now, so that a profiler sees a compiled frame as long as it is linked
  return static_cast<PyObject*>(result);
}

// Is everything as it most often is? What a new chunk, pending work or a changed world need is left to prepareLoopFrame.
inline bool isUsual(PyThreadState* ts, PyGenObject* gen, Frame* f, const ResumePoint& p) {
  return p.at == f->instr_ptr && p.unit && gen->gi_frame_state < FRAME_EXECUTING && !delegates(gen) && ts->interp == home &&
         p.data->expected == breaker(ts) && f->stacktop == p.top && !evalHooked(ts) && ts->py_recursion_remaining > 1 &&
         !stackIsShort(ts) && dataStackHas(ts, p.words + kStackReserve);
}

// prepareLoopFrame, the unit, and the end of a resumption that yields, without detours: a generator's work is often no more.
inline PyObject* resumeQuickly(PyThreadState* ts, PyGenObject* gen, Frame* f, const ResumePoint& p) {
  auto* rec = reinterpret_cast<NativeRecord*>(ts->datastack_top);
  ts->datastack_top += p.words;
  Unit* u = p.unit;
  *rec = NativeRecord{p.data, 0, 0};
  f->localsplus[f->stacktop] = Py_None;
  f->localsplus[p.last] = reinterpret_cast<PyObject*>(rec);
  f->stacktop = kNativeStacktop;
  enterGenerator(ts, gen, f);
  void* result = p.entry(ts, f, rec);
  if (reinterpret_cast<uintptr_t>(result) <= kFinished) return settle(ts, gen, f, rec, u, result);
  ts->datastack_top = reinterpret_cast<PyObject**>(rec);
  suspendGenerator(ts, gen, f);
  f->stacktop = int(rec->state);   // only now, as in settle()
  return static_cast<PyObject*>(result);
}

// --- yield from

bool ordinary(PyThreadState* ts, PyCodeObject* code) {
  static uint64_t open = kClosed;   // the version of the world that was found so
  if (worldVersion(ts) != open) {
    if (!worldIsOpen(ts)) return false;
    open = worldVersion(ts);
  }
  return codeIsUpToDate(ts, code) && !othersWatchCode(code) && !evalHooked(ts) && !allocationTraced();
}

bool behindSend(Frame* f) {
  return frameOffset(f) >= kSendToResume && v313::baseOpcode(f->instr_ptr[-kSendToResume].op.code) == SEND;
}

struct Level {
  PyGenObject* gen;
  Frame* frame;
};

// What a generator asked has ended, or raised: the generator goes on behind its SEND.
PyObject* goOn(PyThreadState* ts, const Level& l) {
  if (ts->current_exception && !PyErr_ExceptionMatches(PyExc_StopIteration)) return raise(ts, l.gen, l.frame);
  PyObject* value;
  if (_PyGen_FetchStopIterationValue(&value) < 0) return raise(ts, l.gen, l.frame);
  l.frame->localsplus[l.frame->stacktop++] = value;
  l.frame->instr_ptr = sendTarget(l.frame->instr_ptr);
  return interpret(ts, l.gen, l.frame);
}

// It has yielded: so does the generator, by its own instruction if somebody has begun to watch.
PyObject* passOn(PyThreadState* ts, const Level& l, PyObject* value) {
  if (!ordinary(ts, frameCode(l.frame))) {
    l.frame->localsplus[l.frame->stacktop++] = value;
    l.frame->instr_ptr += kSendWords;
    return interpret(ts, l.gen, l.frame);
  }
  l.frame->instr_ptr += kSendToResume;
  suspendGenerator(ts, l.gen, l.frame);
  return value;
}

// Generators that delegate to each other need not run to hand a value through: the last in the row is asked at once. False:
// CPython must.
bool delegate(PyThreadState* ts, PyGenObject* gen, PyObject** result) {
  constexpr int kDeepest = 32;   // in one go
  Level levels[kDeepest];
  int n = 0;
  PyObject* last = reinterpret_cast<PyObject*>(gen);
  while (n < kDeepest && PyGen_CheckExact(last) && delegates(reinterpret_cast<PyGenObject*>(last))) {
    const Level l{reinterpret_cast<PyGenObject*>(last), generatorFrame(reinterpret_cast<PyGenObject*>(last))};
    if (!behindSend(l.frame) || !ordinary(ts, frameCode(l.frame))) break;
    levels[n++] = l;
    last = l.frame->localsplus[l.frame->stacktop - 1];
  }
  if (n && !PyIter_Check(last)) last = reinterpret_cast<PyObject*>(levels[--n].gen);   // it is asked by its send()
  if (!n || ts->py_recursion_remaining <= n + 1 || stackIsShort(ts)) return false;
  for (int i = 0; i < n; i++) {
    enterGenerator(ts, levels[i].gen, levels[i].frame);
    levels[i].frame->instr_ptr -= kSendToResume;
  }
  PyObject* r = Py_TYPE(last)->tp_iternext(last);
  for (int i = n; i-- > 0;) r = r ? passOn(ts, levels[i], r) : goOn(ts, levels[i]);
  *result = r;
  return true;
}

PyObject* resume(PyThreadState* ts, PyObject* self) {
  auto* gen = reinterpret_cast<PyGenObject*>(self);
  Frame* f = generatorFrame(gen);
  if (const ResumePoint& p = pointAt(f->instr_ptr); isUsual(ts, gen, f, p)) [[likely]] return resumeQuickly(ts, gen, f, p);
  if (!mayBeResumed(gen) || ts->interp != home) return original(self);
  if (delegates(gen)) {
    PyObject* result;
    return delegate(ts, gen, &result) ? result : original(self);
  }
  ResumePoint& p = pointOf(f);
  Unit* u = p.unit;
  if (!u && isDue(p)) u = ask(f);
  if (!u || !u->valid || ts->py_recursion_remaining <= 1 || stackIsShort(ts)) return original(self);
  f->localsplus[f->stacktop++] = Py_None;
  if (NativeRecord* rec = prepareLoopFrame(ts, f, u)) {
    enterGenerator(ts, gen, f);
    return settle(ts, gen, f, rec, u, reinterpret_cast<LoopEntry>(u->entry)(ts, f, rec));
  }
  f->stacktop--;
  return original(self);
}

PyObject* iterNext(PyObject* self) { return resume(PyThreadState_GetUnchecked(), self); }

}  // namespace

void setResumeUnit(PyCodeObject* code, uint32_t pc, Unit* u) {
  const void* at = firstInstr(code) + pc;
  if (ResumePoint& p = pointAt(at); p.at == at) p.setUnit(u);
}

void resumeGenerators() {
  if (original) return;
  home = PyInterpreterState_Get();
  original = PyGen_Type.tp_iternext;
  PyGen_Type.tp_iternext = iterNext;
  od_resume = resume;
}

// Stays if another has put itself before us.
void leaveGenerators() {
  if (!original || PyGen_Type.tp_iternext != iterNext) return;
  PyGen_Type.tp_iternext = original;
  original = nullptr;
  od_resume = nullptr;
}

}  // namespace od

// What is running: at every tick a Python thread looks at the frames of all threads and counts.
//
// A unit pays if it is still in the caches when it runs again. What a flat program runs once a request is not: there, compiled
// code is ten times as many cache lines as bytecode, each fetched anew, and everything else loses its place. So a function or
// loop is compiled when it has a share of the looks, not when it has been found a number of times; what it calls a great
// deal is compiled after it, by count (conductor.h, isOften).
//
// Only the topmost frame counts for its function, unless it is plainly the activation that was there at the last look: what
// is called once (a module's import, a main function) gains nothing from a unit of its own, however long it runs. A frame near
// the top that is inside a loop counts for the loop. Frames at a backward jump, or at the first instruction, count double: they
// were caught in the act.
//
// While a frame executes, the interpreter keeps its stack depth to itself (stacktop is -1); the compiler derives it.
#include <algorithm>
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/conductor.h"
#include "jit/foreign.h"

namespace od {
namespace {

constexpr int kDeepest = 3;          // frames of a stack that are looked at
constexpr uint32_t kInTheAct = 2;    // looks that one counts for that finds a start or a jump back
constexpr uint32_t kDepthUnknown = ~0u;

// Counts a look that found it. True: it has been found often enough, and in a large enough share of the looks.
bool isHot(Heat& h, uint32_t weight, uint32_t threshold, uint32_t tick) {
  constexpr uint64_t kShare = 6;       // percent; half of that, where it is always caught in the act
  constexpr uint32_t kWindow = 4096;   // looks; what is older counts half
  if (!h.found) h.since = tick - 1;
  if (tick - h.since > kWindow) {
    h.found /= 2;
    h.since = tick - kWindow / 2;
  }
  h.found += weight;
  return h.found >= threshold && uint64_t(h.found) * 100 >= kShare * (tick - h.since);
}

// Looks that must find a function or loop: it pays to wait until it has run for about as long as compiling it takes.
uint32_t thresholdOf(PyCodeObject* code) {
  constexpr uint32_t kWords = 100;     // code units that cost what OVERDRIVE_HEAT says
  return uint32_t(std::max<int64_t>(1, options().heat)) * std::max(1u, uint32_t(wordCount(code)) / kWords);
}

const Cell::LoopSpan* innermostLoop(Cell* cell, uint32_t at) {
  const Cell::LoopSpan* found = nullptr;
  for (const Cell::LoopSpan& s : loopSpans(cell))
    if (at >= s.head && at < s.end) found = &s;   // inner ones come later
  return found;
}

// The loop around a loop; null if it is outermost.
const Cell::LoopSpan* loopAround(Cell* cell, uint32_t head) {
  const Cell::LoopSpan* found = nullptr;
  for (const Cell::LoopSpan& s : loopSpans(cell))
    if (head > s.head && head < s.end) found = &s;
  return found;
}

bool askOnce(const Wish& w) {
  if (w.cell->asked.count({w.kind, w.pc})) return false;
  request(w, When::Soon);
  return true;
}

// What the last look saw of a code object, and how a frame that it finds now relates to that.
enum class Activation { New, Same };

// Without loops an activation only goes forward. One that stands at the same call as before has called anew, and is then a
// new one itself, unless what it calls is the same as before, too.
Activation activation(Cell* cell, const Frame* f, uint32_t at, uint32_t tick, Activation called) {
  if (cell->lastFrame != f || cell->lastTick + 1 != tick) return Activation::New;
  const uint32_t before = cell->lastAt;
  if (at > before) return Activation::Same;
  for (const Cell::LoopSpan& s : loopSpans(cell))
    if (at >= s.head && before < s.end) return Activation::Same;
  return at < before ? Activation::New : called;
}

// *foundNew: something was nominated.
Activation lookAtFrame(Frame* f, uint32_t tick, int depth, Activation called, bool* foundNew) {
  const bool top = depth == 0;
  PyCodeObject* code = frameCode(f);
  if (!PyCode_Check(code) || _PyFrame_IsIncomplete(f)) return Activation::New;
  Cell* cell = cellFor(code);
  const bool first = cell->lastTick != tick;
  PyFunctionObject* func = PyFunction_Check(f->f_funcobj) ? reinterpret_cast<PyFunctionObject*>(f->f_funcobj) : nullptr;
  const uint32_t threshold = thresholdOf(code), at = uint32_t(frameOffset(f));
  const Activation is = activation(cell, f, at, tick, called);
  if (first) {
    cell->lastTick = tick;
    cell->lastFrame = f;
    cell->lastAt = at;
  }
  if (isNativeFrame(f)) {
    // Always caught inside a compiled inner loop: then the loop around it is what runs hot.
    const NativeRecord* record = recordOf(f);
    const Unit* u = record ? record->unit->unit : nullptr;
    if (!u || u->kind != UnitKind::Loop || !first) return is;
    const Cell::LoopSpan* around = loopAround(cell, u->entryPc);
    if (around && isHot(cell->loopHeat[around->head], 1, threshold, tick))
      *foundNew |= askOnce({cell, UnitKind::Loop, around->head, kDepthUnknown, func});
    return is;
  }
  uint8_t op = f->instr_ptr->op.code;
  const bool starts = top && isResume(op);
  if (cell->function && func) promote(func, cell);   // a closure made before its code was hot
  else if (first && top && (starts || is == Activation::New) && !(code->co_flags & kGeneratorFlags)) {
    cell->everFound++;
    if (isHot(cell->heat, starts ? kInTheAct : 1, threshold, tick))
      *foundNew |= askOnce({cell, UnitKind::Function, 0, 0, func});
  }
  // A generator's loop that yields is entered where the generator goes on (generators.cpp).
  const Cell::LoopSpan* loop = first ? innermostLoop(cell, at) : nullptr;
  if (loop && !(loop->yields && (code->co_flags & kGeneratorFlags) == CO_GENERATOR)) {
    if (isHot(cell->loopHeat[loop->head], top && isBackwardJump(op) ? kInTheAct : 1, threshold, tick))
      *foundNew |= askOnce({cell, UnitKind::Loop, loop->head, kDepthUnknown, func, f->localsplus});
  }
  return starts ? Activation::New : is;
}

}  // namespace

void look(uint32_t tick, PyThreadState* me, bool* foundNew) {
  noticeEvalHook(me);
  if (!compiling() || !worldIsOpen(me)) return;
  actOnLearnt();
  for (PyThreadState* ts = me->interp->threads.head; ts; ts = ts->next) {
    int depth = 0;
    Activation called = Activation::New;
    for (Frame* f = ts->current_frame; f && depth < kDeepest; f = f->previous) {
      if (!isPythonFrame(f)) continue;
      called = lookAtFrame(f, tick, depth++, called, foundNew);
    }
  }
}

}  // namespace od

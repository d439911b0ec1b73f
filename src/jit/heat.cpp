// What is running: at every tick a Python thread looks at the frames of all threads and counts.
//
// A flat program has hundreds of functions that are each rarely caught at the top, so every frame on a stack counts for its
// function, unless it is plainly the activation that was there at the last look: what is called once (a module's import, a
// main function) gains nothing from a unit of its own, however long it is on the stack. A frame that is inside a loop
// counts for the loop. Frames at a backward jump, or at the first instruction, count double: they were caught in the act.
//
// While a frame executes, the interpreter keeps its stack depth to itself (stacktop is -1); the compiler derives it.
#include <algorithm>
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/code_memory.h"
#include "jit/conductor.h"
#include "jit/foreign.h"

namespace od {
namespace {

constexpr int kDeepest = 64;
constexpr uint32_t kOnTop = 4;   // a frame that is caught working counts as much as so many that wait for others
constexpr uint32_t kDepthUnknown = ~0u;

// Looks that must find a function or loop: it pays to wait until it has run for about as long as compiling it takes. What a
// program spends its time in is found first, so the more code there is, the less another unit brings, and the longer it has
// to wait: large flat programs gain by this (fewer compilations, less memory, code that fits the caches).
uint32_t thresholdOf(PyCodeObject* code) {
  constexpr uint32_t kWords = 100;          // code units that cost what OVERDRIVE_HEAT says
  constexpr size_t kCrowd = 64 << 10;       // bytes of machine code, each of which adds that much again,
  constexpr size_t kPatience = 16;          // up to here: a new loop must not wait for ever in a large program
  const size_t base = size_t(std::max<int64_t>(1, options().heat)) * std::max(1u, uint32_t(wordCount(code)) / kWords);
  return uint32_t(base * std::min(kPatience, 1 + codeMemoryUsed() / kCrowd));
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
Activation lookAtFrame(Frame* f, uint32_t tick, bool top, Activation called, bool* foundNew) {
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
    if (around && ++cell->loopHeat[around->head] >= threshold)
      *foundNew |= askOnce({cell, UnitKind::Loop, around->head, kDepthUnknown, func});
    return is;
  }
  uint8_t op = f->instr_ptr->op.code;
  const bool starts = top && isResume(op);
  if (cell->function && func) promote(func, cell);   // a closure made before its code was hot
  else if (first && (starts || is == Activation::New) && !(code->co_flags & kGeneratorFlags)) {
    cell->heat += starts ? 2 * kOnTop : top ? kOnTop : 1;
    if (cell->heat >= threshold * kOnTop) *foundNew |= askOnce({cell, UnitKind::Function, 0, 0, func});
  }
  // A generator's loop that yields is entered where the generator goes on (generators.cpp).
  const Cell::LoopSpan* loop = first ? innermostLoop(cell, at) : nullptr;
  if (loop && !(loop->yields && (code->co_flags & kGeneratorFlags) == CO_GENERATOR)) {
    uint32_t& heat = cell->loopHeat[loop->head];
    heat += top && isBackwardJump(op) ? 2 : 1;
    if (heat >= threshold) *foundNew |= askOnce({cell, UnitKind::Loop, loop->head, kDepthUnknown, func, f->localsplus});
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
      called = lookAtFrame(f, tick, depth++ == 0, called, foundNew);
    }
  }
}

}  // namespace od

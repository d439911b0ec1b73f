// Into suspended generators: PyGen_Type's tp_iternext is ours. Where the point at which a generator goes on has a unit, that
// runs on the generator's own frame until the next yield; else CPython's function does.
//
// The interpreter resumes generators of its own for loops in place, without asking the type; those for loops are compiled
// themselves when they are hot, and compiled code asks. So do next() and everything in C that iterates.
//
// Like an iteration of a loop, a resumption is too short to be sampled: it is counted.
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/conductor.h"

namespace od {
namespace {

constexpr uint32_t kOften = 500;   // resumptions at a point before it is compiled

iternextfunc original = nullptr;
PyInterpreterState* home = nullptr;

// Where generators go on, by the instruction's address; a cache.
struct ResumePoint {
  const void* at = nullptr;
  Unit* unit = nullptr;
  uint32_t count = 0;
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
    p = {f->instr_ptr, cell ? cell->unit(UnitKind::Resume, uint32_t(frameOffset(f))) : nullptr, 0};
  }
  return p;
}

bool isDue(ResumePoint& p) {
  const uint32_t often = options().how == Mode::Auto ? kOften : options().how == Mode::CompileAll ? 0 : options().count;
  return ++p.count > often && (options().how != Mode::Auto || p.count % kOften == 1);
}

// The frame's unit after the request; null: none yet.
Unit* ask(Frame* f) {
  Cell* cell = cellFor(frameCode(f));
  PyFunctionObject* func = PyFunction_Check(f->f_funcobj) ? reinterpret_cast<PyFunctionObject*>(f->f_funcobj) : nullptr;
  const uint32_t pc = uint32_t(frameOffset(f)), depth = uint32_t(f->stacktop - frameCode(f)->co_nlocalsplus) + 1;
  request({cell, UnitKind::Resume, pc, depth, func}, options().how == Mode::Auto ? When::Soon : When::Now);
  return cell->unit(UnitKind::Resume, pc);
}

// The interpreter goes on. What tp_iternext makes of its result.
PyObject* interpret(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  unlinkGenerator(ts, f);
  PyObject* result = _PyEval_EvalFrame(ts, f, 0);
  if (!result || isSuspended(gen)) return result;
  if (result != Py_None) _PyGen_SetStopIterationValue(result);
  Py_DECREF(result);
  return nullptr;
}

PyObject* raise(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  const int handler = unwindToHandler(ts, f, uint32_t(frameOffset(f)));
  if (handler >= 0) {
    setFrameOffset(f, frameCode(f), uint32_t(handler));
    return interpret(ts, gen, f);
  }
  ts->current_frame = f->previous;
  ts->py_recursion_remaining++;
  _PyEval_FrameClearAndPop(ts, f);
  return nullptr;
}

PyObject* run(PyThreadState* ts, PyGenObject* gen, Frame* f, Unit* u, NativeRecord* rec) {
  enterGenerator(ts, gen, f);
  void* result = reinterpret_cast<LoopEntry>(u->entry)(ts, f, rec);
  switch (LoopResult(reinterpret_cast<uintptr_t>(result))) {
    case LoopResult::Propagate: return raise(ts, gen, f);
    case LoopResult::Resumed: return interpret(ts, gen, f);
  }
  // Yielded. The record lies where it did, or where a handler's unit was entered.
  PyCodeObject* code = frameCode(f);
  auto* last = reinterpret_cast<Frame*>(f->localsplus[code->co_nlocalsplus + code->co_stacksize - 1]);
  _PyThreadState_PopFrame(ts, last);
  suspendGenerator(ts, gen, f);
  return static_cast<PyObject*>(result);
}

PyObject* iterNext(PyObject* self) {
  auto* gen = reinterpret_cast<PyGenObject*>(self);
  PyThreadState* ts = PyThreadState_GetUnchecked();
  if (!suspendedPlainly(gen) || ts->interp != home) return original(self);
  Frame* f = generatorFrame(gen);
  ResumePoint& p = pointOf(f);
  Unit* u = p.unit;
  if (!u && isDue(p)) u = ask(f);
  if (!u || !u->valid || ts->py_recursion_remaining <= 1 || stackIsShort(ts)) return original(self);
  f->localsplus[f->stacktop++] = Py_None;
  if (NativeRecord* rec = prepareLoopFrame(ts, f, u)) return run(ts, gen, f, u, rec);
  f->stacktop--;
  return original(self);
}

}  // namespace

void setResumeUnit(PyCodeObject* code, uint32_t pc, Unit* u) {
  const void* at = firstInstr(code) + pc;
  if (ResumePoint& p = pointAt(at); p.at == at) p.unit = u;
}

void resumeGenerators() {
  if (original) return;
  home = PyInterpreterState_Get();
  original = PyGen_Type.tp_iternext;
  PyGen_Type.tp_iternext = iterNext;
}

// Stays if another has put itself before us.
void leaveGenerators() {
  if (!original || PyGen_Type.tp_iternext != iterNext) return;
  PyGen_Type.tp_iternext = original;
  original = nullptr;
}

}  // namespace od

// What differs between CPython versions, as small inline functions: the frame's header, the breaker word, monitoring,
// the data stack. frames/ and jit/ are written against these; a new version gets its own seam.h.
#pragma once
#include <cstdint>
#include "cpython/layout.h"
#include "cpython/v313/python.h"

namespace od {

// The tool id of loop entry (sys.monitoring.OPTIMIZER_ID).
constexpr int kToolId = 5;
constexpr uint64_t kClosed = ~uint64_t(0);   // UnitData::expected of a unit that may not go on

// --- code objects
inline _Py_CODEUNIT* firstInstr(PyCodeObject* code) { return _PyCode_CODE(code); }
inline int wordCount(PyCodeObject* code) { return int(Py_SIZE(code)); }
inline PyCodeObject* codeOfFunction(PyObject* func) {
  return reinterpret_cast<PyCodeObject*>(reinterpret_cast<PyFunctionObject*>(func)->func_code);
}
// Slots that hold arguments when a frame starts: positional, keyword-only, *args, **kwargs.
inline int argumentSlots(PyCodeObject* code) {
  return code->co_argcount + code->co_kwonlyargcount + ((code->co_flags & CO_VARARGS) != 0) +
         ((code->co_flags & CO_VARKEYWORDS) != 0);
}
constexpr int kGeneratorFlags = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;

// --- frames
inline PyCodeObject* frameCode(Frame* f) { return reinterpret_cast<PyCodeObject*>(f->f_executable); }
inline bool isPythonFrame(Frame* f) { return f->owner != FRAME_OWNED_BY_CSTACK; }
inline int frameOffset(Frame* f) { return int(f->instr_ptr - firstInstr(frameCode(f))); }
inline void setFrameOffset(Frame* f, PyCodeObject* code, uint32_t offset) { f->instr_ptr = firstInstr(code) + offset; }
inline bool isNativeFrame(Frame* f) { return isPythonFrame(f) && f->stacktop == kNativeStacktop; }

// A complete header whose references are borrowed: whoever leaves compiled code calls ownHeader first.
inline void borrowHeader(Frame* f, PyCodeObject* code, PyObject* func, Frame* previous) {
  PyFunctionObject* fo = reinterpret_cast<PyFunctionObject*>(func);
  f->f_executable = reinterpret_cast<PyObject*>(code);
  f->previous = previous;
  f->f_funcobj = func;
  f->f_globals = fo->func_globals;
  f->f_builtins = fo->func_builtins;
  f->f_locals = nullptr;
  f->frame_obj = nullptr;
  f->return_offset = 0;
  f->owner = FRAME_OWNED_BY_THREAD;
}
inline void ownHeader(Frame* f) {
  Py_INCREF(f->f_executable);
  Py_INCREF(f->f_funcobj);
}

// --- the breaker word: the instrumentation version and eight event bits
inline uint64_t breaker(PyThreadState* ts) { return _Py_atomic_load_uintptr_relaxed(&ts->eval_breaker); }
inline bool workPending(PyThreadState* ts) { return breaker(ts) & _PY_EVAL_EVENTS_MASK; }
inline uint64_t worldVersion(PyThreadState* ts) { return breaker(ts) & ~uint64_t(_PY_EVAL_EVENTS_MASK); }
// Work that runs nothing a program can see a frame in: other threads' turns and pending calls.
inline bool onlyQuietWork(uint64_t word) {
  return !(word & _PY_EVAL_EVENTS_MASK & ~uint64_t(_PY_GIL_DROP_REQUEST_BIT | _PY_CALLS_TO_DO_BIT));
}

// --- monitoring
template <class Monitors> inline bool hasOtherTool(const Monitors& m) {
  uint8_t tools = 0;
  for (uint8_t t : m.tools) tools |= t;
  return tools & ~(1u << kToolId);
}
inline bool othersWatchEverything(PyThreadState* ts) { return hasOtherTool(ts->interp->monitors); }
inline bool othersWatchCode(PyCodeObject* code) {
  return code->_co_monitoring && hasOtherTool(code->_co_monitoring->local_monitors);
}
inline bool othersWatchCalls(PyCodeObject* code) {
  return code->_co_monitoring && (code->_co_monitoring->local_monitors.tools[PY_MONITORING_EVENT_CALL] & ~(1u << kToolId));
}
inline bool codeIsUpToDate(PyThreadState* ts, PyCodeObject* code) {
  return code->_co_instrumentation_version == worldVersion(ts);
}
inline uint8_t toolsFor(PyThreadState* ts, int event) { return ts->interp->monitors.tools[event]; }
inline uint8_t toolsFor(PyThreadState* ts, PyCodeObject* code, int event) {
  return toolsFor(ts, event) | (code->_co_monitoring ? code->_co_monitoring->local_monitors.tools[event] : 0);
}
// Tools that wait for the line which begins at this unit.
inline uint8_t toolsForLine(PyThreadState* ts, PyCodeObject* code, uint32_t at) {
  if (firstInstr(code)[at].op.code != INSTRUMENTED_LINE) return 0;
  const uint8_t* each = code->_co_monitoring->line_tools;
  return each ? each[at] : toolsFor(ts, code, PY_MONITORING_EVENT_LINE);
}

// --- generators
inline Frame* generatorFrame(PyGenObject* gen) { return reinterpret_cast<Frame*>(gen->gi_iframe); }
inline bool mayBeResumed(const PyGenObject* gen) { return gen->gi_frame_state < FRAME_EXECUTING; }
inline bool isSuspended(const PyGenObject* gen) { return FRAME_STATE_SUSPENDED(gen->gi_frame_state); }
inline bool delegates(const PyGenObject* gen) { return gen->gi_frame_state == FRAME_SUSPENDED_YIELD_FROM; }
// A generator that delegates is suspended behind SEND, its cache and YIELD_VALUE.
constexpr int kSendWords = 1 + INLINE_CACHE_ENTRIES_SEND, kSendToResume = kSendWords + 1;
inline _Py_CODEUNIT* sendTarget(_Py_CODEUNIT* send) { return send + kSendWords + send->op.arg; }
// What gen_send_ex2 and the evaluator's entry do, before it runs; what YIELD_VALUE does, behind it.
inline void enterGenerator(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  gen->gi_exc_state.previous_item = ts->exc_info;
  ts->exc_info = &gen->gi_exc_state;
  gen->gi_frame_state = FRAME_EXECUTING;
  f->previous = ts->current_frame;
  ts->current_frame = f;
  ts->py_recursion_remaining--;
}
// It no longer runs.
inline void unlinkFrame(PyThreadState* ts, Frame* f) {
  ts->current_frame = f->previous;
  ts->py_recursion_remaining++;
}
// And its memory is given back.
inline void clearFrame(PyThreadState* ts, Frame* f) {
  unlinkFrame(ts, f);
  _PyEval_FrameClearAndPop(ts, f);
}
inline void unlinkGenerator(PyThreadState* ts, Frame* f) {
  unlinkFrame(ts, f);
  f->previous = nullptr;
}
inline void suspendGenerator(PyThreadState* ts, PyGenObject* gen, Frame* f) {
  unlinkGenerator(ts, f);
  gen->gi_frame_state = int8_t(FRAME_SUSPENDED + f->instr_ptr[-1].op.arg);   // 1: delegates to another iterator
  ts->exc_info = gen->gi_exc_state.previous_item;
  gen->gi_exc_state.previous_item = nullptr;
}

// --- PEP 523
inline bool evalHooked(PyThreadState* ts) { return ts->interp->eval_frame != nullptr; }

// --- the data stack
inline bool dataStackHas(PyThreadState* ts, Py_ssize_t words) {
  return ts->datastack_top != nullptr && words < ts->datastack_limit - ts->datastack_top;
}
// Memory for a frame of that many words, in a new chunk if need be; null: MemoryError. cpython/v313/stack.cpp
Frame* pushWords(PyThreadState* ts, int words);

// --- the collector
// The object it began to track last, or `back` objects before that; null: none. No collection runs inside an instruction.
inline PyObject* lately(PyThreadState* ts, int back) {
  PyGC_Head *young = ts->interp->gc.generation0, *g = _PyGCHead_PREV(young);
  for (; back > 0 && g != young; back--) g = _PyGCHead_PREV(g);
  return g == young ? nullptr : reinterpret_cast<PyObject*>(g + 1);
}

// --- recursion
constexpr int kCRecursionReserve = 1500;  // C levels left to C code and interpreted frames
inline bool cStackCounted(PyThreadState* ts) { return ts->c_recursion_remaining > kCRecursionReserve; }

}  // namespace od

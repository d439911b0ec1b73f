// Calls that arrive in compiled code's convention and are interpreted: the callee has no compiled code, or its prologue
// refused (no room on the data stack or the C stack, recursion limit, pending work, tools).
#include "jit/interpret.h"
#include <alloca.h>
#include <algorithm>
#include "frames/frames.h"
#include "jit/conductor.h"
#include "jit/foreign.h"

namespace od {
namespace {

Frame* behind(Frame* f, int words) { return reinterpret_cast<Frame*>(reinterpret_cast<PyObject**>(f) + words); }

// Room in a new chunk, and the arguments in a frame `at` words behind its beginning: where they were, at datastack_top,
// nothing protects them. Null: they are gone, and an exception is set.
Frame* pushWithArguments(PyThreadState* ts, Frame* f, PyCodeObject* code, int words, int at) {
  int n = argumentSlots(code);
  PyObject** saved = static_cast<PyObject**>(alloca(size_t(n) * sizeof(PyObject*)));
  std::copy_n(f->localsplus, n, saved);
  Frame* pushed = pushWords(ts, words);
  if (pushed) {
    std::copy_n(saved, n, behind(pushed, at)->localsplus);
  } else {
    for (int i = 0; i < n; i++) Py_XDECREF(saved[i]);
    PyErr_NoMemory();
  }
  return pushed;
}

// Memory for the frame with the arguments in it.
Frame* takeFrame(PyThreadState* ts, Frame* f, PyCodeObject* code) {
  if (!dataStackHas(ts, code->co_framesize)) return pushWithArguments(ts, f, code, code->co_framesize, 0);
  ts->datastack_top += code->co_framesize;
  return f;
}

// A frame as the interpreter makes it, its references still borrowed.
void initialise(Frame* f, PyCodeObject* code, PyObject* func, Frame* previous) {
  borrowHeader(f, code, func, previous);
  for (int i = argumentSlots(code); i < code->co_nlocalsplus; i++) f->localsplus[i] = nullptr;
  f->stacktop = code->co_nlocalsplus;
  f->instr_ptr = firstInstr(code);
}

PyObject* interpretFrame(PyThreadState* ts, Frame* f) {
  ownHeader(f);
  return _PyEval_EvalFrame(ts, f, 0);
}

// Serves what is pending where the interpreter would: at RESUME, with the new frame there to be seen. Null with *done set:
// the call is over (result may be null with an exception).
PyObject* serveAtResume(PyThreadState* ts, Frame* f, PyCodeObject* code, PyObject* func, bool* done) {
  ts->datastack_top += code->co_framesize;
  initialise(f, code, func, ts->current_frame);
  ts->current_frame = f;
  ts->py_recursion_remaining--;
  int failed = _Py_HandlePending(ts);
  *done = true;
  if (failed) {
    ownHeader(f);
    int handler = unwindToHandler(ts, f, 0);
    if (handler < 0) {
      clearFrame(ts, f);
      return nullptr;
    }
    unlinkFrame(ts, f);
    setFrameOffset(f, code, uint32_t(handler));
    return _PyEval_EvalFrameDefault(ts, f, 0);
  }
  unlinkFrame(ts, f);
  bool looked = f->frame_obj != nullptr;
  if (looked || evalHooked(ts)) return interpretFrame(ts, f);
  ts->datastack_top = reinterpret_cast<PyObject**>(f);
  *done = false;
  return nullptr;
}

// The chunk of the data stack is full: go on in a new one, which a placeholder frame of ours holds open.
PyObject* enterInNewChunk(PyThreadState* ts, Frame* f, PyCodeObject* code, PyObject* func, FunctionEntry entry, int words) {
  Frame* holder = pushWithArguments(ts, f, code, FRAME_SPECIALS_SIZE + words, FRAME_SPECIALS_SIZE);
  if (!holder) return nullptr;
  Frame* moved = behind(holder, FRAME_SPECIALS_SIZE);
  ts->datastack_top = reinterpret_cast<PyObject**>(moved);
  PyObject* result = entry(ts, moved, func);
  _PyThreadState_PopFrame(ts, holder);
  return result;
}

}  // namespace

PyObject* interpretCall(PyThreadState* ts, Frame* f, PyObject* func) {
  PyCodeObject* code = codeOfFunction(func);
  if (answersElsewhere(reinterpret_cast<PyFunctionObject*>(func))) [[unlikely]]
    return callElsewhere(ts, f, reinterpret_cast<PyFunctionObject*>(func));
  f = takeFrame(ts, f, code);
  if (!f) return nullptr;
  initialise(f, code, func, ts->current_frame);
  countInterpretedCall(reinterpret_cast<PyFunctionObject*>(func), findCell(code));
  return interpretFrame(ts, f);
}

void* interpreterEntry() { return reinterpret_cast<void*>(interpretCall); }

extern "C" PyObject* odEntrySlow(PyThreadState* ts, Frame* f, PyObject* func) {
  PyCodeObject* code = codeOfFunction(func);
  Cell* cell = findCell(code);
  Unit* u = cell ? cell->function : nullptr;
  if (!u || stackIsShort(ts)) {
    if (u) demote(reinterpret_cast<PyFunctionObject*>(func));
    return interpretCall(ts, f, func);
  }
  if (ts->py_recursion_remaining <= 1) return interpretCall(ts, f, func);
  if (u->data.expected != breaker(ts)) {
    if (workPending(ts) && worldIsOpen(ts) && code->_co_firsttraceable == 0 && dataStackHas(ts, callWords(*u))) {
      bool done;
      PyObject* result = serveAtResume(ts, f, code, func, &done);
      if (done) return result;
      u = cell->function;   // pending calls install and retire
      if (!u) return interpretCall(ts, f, func);
    }
    u->data.expected = expectedWorld(ts, *u);
    if (u->data.expected != breaker(ts)) return interpretCall(ts, f, func);
  }
  FunctionEntry entry = reinterpret_cast<FunctionEntry>(u->entry);
  if (dataStackHas(ts, callWords(*u))) return stackIsShort(ts) ? interpretCall(ts, f, func) : entry(ts, f, func);
  return enterInNewChunk(ts, f, code, func, entry, callWords(*u));
}

}  // namespace od

// f_locals of a frame whose values live in compiled code.
//
// Every way to a frame's locals (frame.f_locals, locals(), the C API) makes a FrameLocalsProxy, so its type's tp_alloc is
// the one place to stand. It is not told which frame is meant, and another thread may be asking: all native frames of all
// threads are filled. A suspended greenlet's frames belong to no thread: the argument tuple that holds the frame object is
// what the collector began to track last. A filled frame's localsplus holds the references, and through it the program
// may read and write; compiled code goes on to its next check, finds its unit closed, and leaves: the written locals win.
#include "frames/frames.h"

namespace od {
namespace {

allocfunc originalAlloc = nullptr;

}  // namespace

void showLocals(Frame* f) {
  PyCodeObject* code = frameCode(f);
  NativeRecord* rec = recordOf(f);
  if (rec->flags & kRecordLocalsOut) return;
  Unit* u = rec->unit->unit;
  StateId state(rec->state);
  if (!u->exits.has(state)) return;
  showLocalsIn(f, code, u->state(state), rec);
  rec->flags |= kRecordLocalsOut;
  f->stacktop = code->co_nlocalsplus;
  u->localsOut++;
  u->data.expected = kClosed;
}

namespace {

void fillAll(PyInterpreterState* interp) {
  for (PyThreadState* ts = interp->threads.head; ts; ts = ts->next)
    for (Frame* f = ts->current_frame; f; f = f->previous)
      if (isNativeFrame(f)) showLocals(f);
}

void fillAsked(PyThreadState* ts) {
  PyObject* args = lately(ts, 0);
  if (!args || Py_TYPE(args) != &PyTuple_Type || PyTuple_GET_SIZE(args) != 1) return;
  PyObject* fo = PyTuple_GET_ITEM(args, 0);
  if (!fo || Py_TYPE(fo) != &PyFrame_Type) return;
  Frame* f = reinterpret_cast<PyFrameObject*>(fo)->f_frame;
  if (isNativeFrame(f)) showLocals(f);
}

PyObject* allocProxy(PyTypeObject* type, Py_ssize_t n) {
  PyThreadState* ts = PyThreadState_GetUnchecked();
  fillAsked(ts);
  fillAll(ts->interp);
  return originalAlloc(type, n);
}

}  // namespace

bool installLocalsHook() {
  if (PyFrameLocalsProxy_Type.tp_alloc == allocProxy) return true;
  originalAlloc = PyFrameLocalsProxy_Type.tp_alloc;
  if (!originalAlloc) return false;
  PyFrameLocalsProxy_Type.tp_alloc = allocProxy;
  return true;
}

void removeLocalsHook() {
  if (PyFrameLocalsProxy_Type.tp_alloc == allocProxy) PyFrameLocalsProxy_Type.tp_alloc = originalAlloc;
}

}  // namespace od

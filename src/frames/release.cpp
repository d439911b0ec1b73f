// The last reference to an object went inside compiled code and its type may run code: a destructor, a weakref callback.
// The count is 0 already; what remains is the destruction, which may look at this frame. The answer is whether compiled
// code must leave: the world changed meanwhile, the frame's locals were handed out, or someone kept its frame object.
#include "frames/frames.h"

namespace od {
namespace {

bool mustLeave(PyThreadState* ts, const NativeRecord* rec) {
  if (rec->flags & kRecordLocalsOut) return true;
  return rec->unit->expected != worldVersion(ts);
}

}  // namespace

extern "C" uint64_t odColdRelease(PyThreadState* ts, Frame* f, PyObject* o) {
  // Found before: the destructor may let f_locals out, which changes what recordOf looks at only after the values left.
  NativeRecord* rec = recordOf(f);
  _Py_Dealloc(o);
  return mustLeave(ts, rec);
}

extern "C" uint64_t odColdReleaseUnpublished(PyThreadState* ts, Frame* f, PyObject* o, NativeRecord* rec) {
  Shown shown(ts, f, rec);
  _Py_Dealloc(o);
  bool held = !shown.hide();
  return held || mustLeave(ts, rec);
}

}  // namespace od

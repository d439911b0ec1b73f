// The last reference to an object went inside compiled code and its type may run code: a destructor, a weakref callback.
// The count is 0 already; what remains is the destruction, which may look at this frame. Compiled code compares its unit's
// expectation with the breaker word afterwards, so what it has to notice is turned into a mismatch.
#include "frames/frames.h"

namespace od {
namespace {

// A frame that is on its way out is not shown any more: nothing was written for the release. Otherwise the record names a
// state and the frame's instruction is that state's; Shown wipes the instruction when it is done.
bool isShownNow(const Frame* f, const NativeRecord* rec) {
  Unit* u = rec->unit->unit;
  StateId state(rec->state);
  return u->exits.has(state) && f->instr_ptr == firstInstr(u->code) + u->state(state).at;
}

}  // namespace

// The frame is published.
extern "C" void odRelease(PyThreadState*, Frame*, PyObject* o, NativeRecord*) { _Py_Dealloc(o); }

extern "C" void odReleaseUnpublished(PyThreadState* ts, Frame* f, PyObject* o, NativeRecord* rec) {
  if (!isShownNow(f, rec)) {
    _Py_Dealloc(o);
    return;
  }
  Shown shown(ts, f, rec);
  _Py_Dealloc(o);
  if (!shown.hide()) rec->unit->expected = kClosed;   // the frame stays published, which the code behind does not know: leave
}

}  // namespace od

// The last reference to an object went inside compiled code and its type may run code: a destructor, a weakref callback.
// The count is 0 already; what remains is the destruction, which may look at this frame. Compiled code compares its unit's
// expectation with the breaker word afterwards, so what it has to notice is turned into a mismatch.
#include "frames/frames.h"

namespace od {

extern "C" void odRelease(PyThreadState* ts, Frame* f, PyObject* o, NativeRecord* rec) {
  Shown shown(ts, f, rec);
  _Py_Dealloc(o);
  if (!shown.hide()) rec->unit->expected = kClosed;   // the frame stays published, which the code behind does not know: leave
}

}  // namespace od

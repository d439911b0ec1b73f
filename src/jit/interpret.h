// Calls that arrive in compiled code's convention (arguments in the new frame) and must be interpreted, this once or for
// ever.
#pragma once
#include "frames/unit.h"

namespace od {

PyObject* interpretCall(PyThreadState* ts, Frame* f, PyObject* func);

}  // namespace od

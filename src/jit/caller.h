// Calls that come from the interpreter's own call instruction.
#pragma once
#include "jit/bind.h"

namespace od {

constexpr Py_ssize_t kMoved = 32;   // arguments at most

// If the interpreter calls, not some C function, its value stack gives the references of the arguments up to `room` (of kMoved
// words), as its own calls would move them into the callee's frame, and `a` shows them there. False: nothing has been done.
bool takeArguments(PyThreadState* ts, PyObject* callable, size_t nargsf, Arguments& a, PyObject** room);

void forgetSpreadCalls(PyCodeObject* code);   // it is being destroyed

}  // namespace od

// What other extensions do to calls: a function gets an entry of theirs, or all evaluation goes through a function of
// theirs (PEP 523).
#pragma once
#include "jit/cell.h"

namespace od {

void watchForeign();
void forgetForeign();                              // the hooks go
void foreignDied(PyFunctionObject* func);
void foreignGetsCode(PyFunctionObject* func, PyCodeObject* code);   // before it has it
bool answersElsewhere(PyFunctionObject* func);     // its vectorcall is neither CPython's nor ours
// A call in compiled code's convention: arguments owned, in a frame that is not there yet.
PyObject* callElsewhere(PyThreadState* ts, Frame* f, PyFunctionObject* func);
void noticeEvalHook(PyThreadState* ts);            // an evaluation function has come or gone

}  // namespace od

// Numbers for when there is no memory. Compiled code makes objects of numbers where nothing can be raised; so a few objects
// are kept, to be filled in when an allocation has failed. Those that were used are made up for as soon as a thread looks for
// pending calls.
#include "frames/frames.h"

namespace od {
namespace {

constexpr int kSpares = 64;
bool refilling = false;   // a pending call is on its way

int refill(void*) {
  refilling = false;
  PyObject* exc = PyErr_GetRaisedException();
  keepSpares();
  PyErr_SetRaisedException(exc);
  return 0;
}

struct Spares {
  PyObject* at[kSpares];
  int n = 0;
  PyObject* take() {
    if (!n) Py_FatalError("overdrive: no memory for a number in compiled code");
    if (!refilling) refilling = _PyEval_AddPendingCall(PyInterpreterState_Get(), refill, nullptr, 0) == _Py_ADD_PENDING_SUCCESS;
    return at[--n];
  }
};
Spares ints, floats;

}  // namespace

void keepSpares() {
  while (ints.n < kSpares && (ints.at[ints.n] = PyLong_FromLongLong(INT64_MAX))) ints.n++;   // room for all digits
  while (floats.n < kSpares && (floats.at[floats.n] = PyFloat_FromDouble(0.5))) floats.n++;
  PyErr_Clear();
}

// None of the small ints that CPython keeps: those need no memory.
PyObject* spareInt(int64_t v) {
  PyObject* o = ints.take();
  auto* number = reinterpret_cast<PyLongObject*>(o);
  int digits = 0;
  for (uint64_t rest = v < 0 ? -uint64_t(v) : uint64_t(v); rest; rest >>= PyLong_SHIFT)
    number->long_value.ob_digit[digits++] = digit(rest & PyLong_MASK);
  _PyLong_SetSignAndDigitCount(number, v < 0 ? -1 : 1, digits);
  return o;
}

PyObject* spareFloat(double v) {
  PyObject* o = floats.take();
  reinterpret_cast<PyFloatObject*>(o)->ob_fval = v;
  return o;
}

}  // namespace od

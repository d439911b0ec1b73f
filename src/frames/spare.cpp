// Numbers for when there is no memory. Compiled code makes objects of numbers where nothing can be raised; so a few objects
// are kept, to be filled in when an allocation has failed. Those that were used are made up for as soon as a thread looks for
// pending calls. Where memory stays short for longer than they last, numbers that never die come from a place of their own.
#include "frames/frames.h"

namespace od {
namespace {

constexpr int kSpares = 64;
constexpr int kImmortals = 1 << 14;
bool refilling = false;   // a pending call is on its way

int refill(void*) {
  refilling = false;
  PyObject* exc = PyErr_GetRaisedException();
  keepSpares();
  PyErr_SetRaisedException(exc);
  return 0;
}

template <class Number> struct Spares {
  // An object of type with room for a number of 64 bits, to be filled in. Memory of immortals is the program's only once used.
  PyObject* take(PyTypeObject* type) {
    if (!refilling) refilling = _PyEval_AddPendingCall(PyInterpreterState_Get(), refill, nullptr, 0) == _Py_ADD_PENDING_SUCCESS;
    if (n) return at[--n];
    if (used == kImmortals) Py_FatalError("overdrive: no memory for a number in compiled code");
    PyObject* o = reinterpret_cast<PyObject*>(&immortals[used++]);
    o->ob_refcnt = _Py_IMMORTAL_REFCNT;
    o->ob_type = type;
    return o;
  }

  PyObject* at[kSpares];
  int n = 0;

 private:
  struct Room { alignas(Number) char bytes[sizeof(Number) + 2 * sizeof(digit)]; };
  Room immortals[kImmortals];
  int used = 0;
};
Spares<PyLongObject> ints;
Spares<PyFloatObject> floats;

}  // namespace

bool keepSpares() {
  while (ints.n < kSpares && (ints.at[ints.n] = PyLong_FromLongLong(INT64_MAX))) ints.n++;   // room for all digits
  while (floats.n < kSpares && (floats.at[floats.n] = PyFloat_FromDouble(0.5))) floats.n++;
  PyErr_Clear();
  return ints.n == kSpares && floats.n == kSpares;
}

// None of the small ints that CPython keeps: those need no memory.
PyObject* spareInt(int64_t v) {
  PyObject* o = ints.take(&PyLong_Type);
  auto* number = reinterpret_cast<PyLongObject*>(o);
  int digits = 0;
  for (uint64_t rest = v < 0 ? -uint64_t(v) : uint64_t(v); rest; rest >>= PyLong_SHIFT)
    number->long_value.ob_digit[digits++] = digit(rest & PyLong_MASK);
  _PyLong_SetSignAndDigitCount(number, v < 0 ? -1 : 1, digits);
  return o;
}

PyObject* spareFloat(double v) {
  PyObject* o = floats.take(&PyFloat_Type);
  reinterpret_cast<PyFloatObject*>(o)->ob_fval = v;
  return o;
}

}  // namespace od

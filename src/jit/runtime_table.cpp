#include "jit/runtime_table.h"
#include "cpython/v313/python.h"
#include "emit/exit_stub.h"
#include "frames/frames.h"
#include "jit/code_memory.h"

namespace od {
namespace {

// Compiled code goes on with what they return, and cannot raise there.
PyObject* sparing(PyObject* spare) {
  PyErr_Clear();
  return spare;
}
extern "C" PyObject* odBoxInt(int64_t v) {
  PyObject* o = PyLong_FromLongLong(v);
  return o ? o : sparing(spareInt(v));
}
extern "C" PyObject* odBoxFloat(double v) {
  PyObject* o = PyFloat_FromDouble(v);
  return o ? o : sparing(spareFloat(v));
}

struct Unboxed { int64_t value, fits; };
extern "C" Unboxed odUnboxInt(PyObject* o) {
  int overflow = 0;
  long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
  return {v, overflow == 0};
}

}  // namespace

IntFreeList* intFreeList() {
  static IntFreeList list{nullptr, 0};
  return &list;
}

const void* boxIntAddress() { return reinterpret_cast<const void*>(odBoxInt); }
const void* boxFloatAddress() { return reinterpret_cast<const void*>(odBoxFloat); }
const void* unboxIntAddress() { return reinterpret_cast<const void*>(odUnboxInt); }

const void* exitStubAddress() {
  static const uint8_t* stub = [] {
    std::vector<uint8_t> code = makeExitStub(reinterpret_cast<const void*>(odExit));
    return code.empty() ? nullptr : placeCode(code.data(), code.size());
  }();
  return stub;
}

}  // namespace od

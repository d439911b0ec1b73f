#include "jit/runtime_table.h"
#include "cpython/v313/python.h"
#include "emit/routines.h"
#include "frames/frames.h"
#include "jit/code_memory.h"
#include "jit/publish.h"
#include "support/helpers.h"

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
const void* deallocAddress() { return reinterpret_cast<const void*>(_Py_Dealloc); }
const void* unboxIntAddress() { return reinterpret_cast<const void*>(odUnboxInt); }

namespace {
const void* place(const char* name, const Routine& r) {
  const CodePlace text = placeCode(r.code);
  if (text.hot) announceRoutine(name, text, r.stack);
  return text.hot;
}
}  // namespace

const void* exitStubAddress() {
  static const void* stub = place("exit", makeExitStub(reinterpret_cast<const void*>(odExit)));
  return stub;
}

const void* const* shownHelpers(const Layout& layout) {
  static const std::vector<const void*> table = [&] {
    const ShownCalls calls = makeShownCalls(layout, codeReach(), helperTable());
    const void* text = place("helper_calls", calls);
    return text ? calls.placedAt(text) : std::vector<const void*>();
  }();
  return table.empty() ? nullptr : table.data();
}

const void* publishAddress(const Layout& layout) {
  static const void* routine = place("publish", makePublish(layout));
  return routine;
}

const void* leaveAddress(const Layout& layout) {
  static const void* routine = place("leave", makeLeave(layout));
  return routine;
}

const void* askWorldAddress(const Layout& layout) {
  static const void* routine = place("ask_world", makeAskWorld(layout, codeReach(), reinterpret_cast<const void*>(odCheckWorld), exitStubAddress()));
  return routine;
}

const void* polyFindAddress() {
  static const void* routine = place("find_field", makePolyFind(fieldTable()));
  return routine;
}

const void* polyLoadAddress(const Layout& layout) {
  static const void* routine = place("load_field", makePolyLoad(layout));
  return routine;
}

const void* freeLeafAddress(const Layout& layout) {
  static const void* routine = place("free_leaf", makeFreeLeaf(layout, intFreeList()));
  return routine;
}

const void* releaseShownAddress(const Layout& layout) {
  static const void* routine = place("release", makeReleaseShown(layout, codeReach(), {reinterpret_cast<const void*>(odRelease), deallocAddress(), exitStubAddress()}));
  return routine;
}

}  // namespace od

// sys.getrefcount of values that compiled frames show. Compiled code holds one reference for a value, however many slots
// show it, and none for constants; the interpreter has one for each slot. What is missing is added where it is asked for.
#include "frames/frames.h"

namespace od {
namespace {

// How many references to the object the interpreter's frame would hold beyond those that are there.
Py_ssize_t missingIn(Frame* f, const PyObject* object) {
  NativeRecord* rec = recordOf(f);
  Unit* u = rec->unit->unit;
  StateId id(rec->state);
  if (!u->exits.has(id)) return 0;
  const DecodedState& s = u->state(id);
  // Locals that were handed out have their own.
  const size_t first = rec->flags & kRecordLocalsOut ? u->nlocalsplus() : 0;
  std::vector<Py_ssize_t> shown(s.values.size());
  for (size_t i = first; i < s.slots.size(); i++)
    if (s.slots[i] >= 0) shown[size_t(s.slots[i])]++;
  Py_ssize_t missing = 0;
  for (size_t i = 0; i < shown.size(); i++) {
    const ValueLocation& v = s.values[i];
    if (!shown[i] || v.rep != Rep::Obj) continue;
    const uint64_t bits = v.where == Where::Const ? v.payload : spillOf(rec)[v.payload];
    if (bits == reinterpret_cast<uintptr_t>(object)) missing += shown[i] - (v.owned ? 1 : 0);
  }
  return missing;
}

}  // namespace

Py_ssize_t missingReferences(PyObject* object) {
  if (_Py_IsImmortal(object)) return 0;
  Py_ssize_t missing = 0;
  for (PyThreadState* ts = PyInterpreterState_Get()->threads.head; ts; ts = ts->next)
    for (Frame* f = ts->current_frame; f; f = f->previous)
      if (isNativeFrame(f)) missing += missingIn(f, object);
  return missing;
}

}  // namespace od

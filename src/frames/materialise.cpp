// From a frame state to references in memory.
//
// Ownership. Compiled code holds one reference for each owned value, however many slots show it; the interpreter wants one
// for each slot. So the first slot that shows a value takes the reference and every further one adds its own. Borrowed
// values and constants add one for each slot. An unboxed value is boxed once, so that two slots that showed one number show
// one object. Owned values that no slot takes (the instruction was consuming them, or the program has replaced the local
// through f_locals) are handed back as leftovers: giving them up may run code, and that must see a complete frame.
//
// Locals that are shown while the frame is in compiled code take over what that holds for them, so that counts stay the
// interpreter's. Compiled code does not look at them again: it leaves at its next check.
#include <cstring>
#include <memory>
#include <unordered_map>
#include "frames/frames.h"

namespace od {
namespace {

uint64_t bitsOf(double d) { uint64_t b; std::memcpy(&b, &d, 8); return b; }

// Room for n things that end with the scope; memory is asked for only if there are many.
template <class T> class Room {
 public:
  explicit Room(size_t n) : many_(n > kFew ? new T[n] : nullptr), at_(many_ ? many_.get() : few_) {}
  T& operator[](size_t i) { return at_[i]; }
  const T& operator[](size_t i) const { return at_[i]; }
 private:
  static constexpr size_t kFew = 48;
  T few_[kFew];
  std::unique_ptr<T[]> many_;
  T* at_;
};

class Values {
 public:
  Values(const DecodedState& s, ValueSource from)
      : s_(s), from_(from), n_(s.values.size()), object_(n_), held_(n_) {
    for (size_t i = 0; i < n_; i++) {
      bool object = s.values[i].rep == Rep::Obj;
      object_[i] = object ? reinterpret_cast<PyObject*>(bits(i)) : nullptr;
      held_[i] = object && s.values[i].owned;
    }
  }

  // A reference for one slot; null values give null.
  [[gnu::always_inline]] PyObject* take(int32_t index) {
    if (index < 0 || unbound(size_t(index))) return nullptr;
    if (!object_[index] && s_.values[index].rep != Rep::Obj) box(size_t(index));
    if (held_[index]) held_[index] = 0;
    else Py_XINCREF(object_[index]);
    return object_[index];
  }
  // A reference that leaves what compiled code holds untouched.
  PyObject* copy(int32_t index) const { return index < 0 ? nullptr : Py_XNewRef(object_[index]); }
  bool isHeld(int32_t index) const { return index >= 0 && held_[index] && object_[index]; }
  // References that locals have taken over since.
  void giveUp(const std::vector<PyObject*>& taken) {
    for (PyObject* o : taken)
      for (size_t i = 0; i < n_; i++)
        if (held_[i] && object_[i] == o) {
          held_[i] = 0;
          break;
        }
  }
  // The program has seen this object for the unboxed value: show the same one again.
  void adopt(int32_t index, PyObject* o) { object_[index] = o; }
  bool unboxed(int32_t index) const { return index >= 0 && s_.values[index].rep != Rep::Obj; }
  bool sameNumber(int32_t index, PyObject* o) const {
    if (!o) return false;
    if (s_.values[index].rep == Rep::F64)
      return PyFloat_CheckExact(o) && bitsOf(PyFloat_AS_DOUBLE(o)) == bits(index);
    if (s_.values[index].rep != Rep::I64 || !PyLong_CheckExact(o)) return false;
    int overflow;
    long long v = PyLong_AsLongLongAndOverflow(o, &overflow);
    return !overflow && uint64_t(v) == bits(index);
  }
  void leave(Leftovers& out) {
    for (size_t i = 0; i < n_; i++)
      if (held_[i] && object_[i]) out.refs.push_back(object_[i]);
  }

 private:
  // An unboxed local that is not set (see ir/types.h).
  bool unbound(size_t i) const {
    const ValueLocation& v = s_.values[i];
    if (!v.owned) return false;
    return (v.rep == Rep::I64 && bits(i) == uint64_t(kUnboundInt)) || (v.rep == Rep::F64 && bits(i) == uint64_t(kUnboundFloat));
  }
  uint64_t bits(size_t i) const {
    const ValueLocation& v = s_.values[i];
    switch (v.where) {
      case Where::Gpr: return from_.regs->gpr[v.payload];
      case Where::Xmm: { uint64_t b; std::memcpy(&b, &from_.regs->xmm[v.payload], 8); return b; }
      case Where::Spill: return from_.spill[v.payload];
      case Where::Const: return v.payload;
    }
    return 0;
  }
  void box(size_t i) {
    uint64_t b = bits(i);
    double d;
    std::memcpy(&d, &b, 8);
    const bool isInt = s_.values[i].rep == Rep::I64;
    held_[i] = 1;
    if (s_.values[i].rep == Rep::Bool) {
      object_[i] = b & 0xff ? Py_True : Py_False;
      return;
    }
    PyObject* raised = PyErr_GetRaisedException();
    object_[i] = isInt ? PyLong_FromLongLong(int64_t(b)) : PyFloat_FromDouble(d);
    if (!object_[i]) object_[i] = isInt ? spareInt(int64_t(b)) : spareFloat(d);
    PyErr_SetRaisedException(raised);
  }

  const DecodedState& s_;
  ValueSource from_;
  size_t n_;
  Room<PyObject*> object_;
  Room<uint8_t> held_;   // a reference that no slot has taken yet
};

// The program may have looked at an unboxed local; a stack entry with the same value must be the object it saw.
void adoptShownLocals(Values& values, const DecodedState& s, Frame* f, size_t nlocals) {
  for (size_t i = 0; i < nlocals && i < s.slots.size(); i++) {
    int32_t v = s.slots[i];
    if (values.unboxed(v) && values.sameNumber(v, f->localsplus[i])) values.adopt(v, f->localsplus[i]);
  }
}

// What the locals of frames that are shown have taken over from compiled code, until the frame leaves it. By its spill area.
using Taken = std::unordered_map<const uint64_t*, std::vector<PyObject*>>;
Taken& takenOver() {
  static auto* map = new Taken();
  return *map;
}

// The value is shown by more than locals: what compiled code holds is the others'.
bool isElsewhere(const DecodedState& s, size_t nlocals, int32_t value) {
  for (size_t i = nlocals; i < s.slots.size(); i++)
    if (s.slots[i] == value) return true;
  for (int32_t p : s.pending)
    if (p == value) return true;
  return false;
}

}  // namespace

void Leftovers::release() {
  for (PyObject* o : refs) Py_DECREF(o);
  refs.clear();
}

Leftovers materialise(Frame* f, PyCodeObject* code, const DecodedState& s, ValueSource from, bool localsOut) {
  size_t nlocals = size_t(code->co_nlocalsplus), first = localsOut ? nlocals : 0;
  Values values(s, from);
  if (localsOut) {
    adoptShownLocals(values, s, f, nlocals);
    if (auto taken = takenOver().extract(from.spill)) values.giveUp(taken.mapped());
  }
  for (size_t i = first; i < s.slots.size(); i++) f->localsplus[i] = values.take(s.slots[i]);
  Leftovers left;
  for (int32_t p : s.pending)
    if (PyObject* o = values.take(p)) left.refs.push_back(o);
  values.leave(left);
  f->stacktop = int(s.slots.size());
  return left;
}

void showLocalsIn(Frame* f, PyCodeObject* code, const DecodedState& s, const NativeRecord* rec) {
  size_t nlocals = size_t(code->co_nlocalsplus);
  Values values(s, {nullptr, spillOf(rec)});
  std::vector<PyObject*>& taken = takenOver()[spillOf(rec)];
  taken.clear();
  for (size_t i = 0; i < nlocals; i++) {
    int32_t v = s.slots[i];
    bool mine = values.isHeld(v) && !isElsewhere(s, nlocals, v);
    f->localsplus[i] = mine || values.unboxed(v) ? values.take(v) : values.copy(v);
    if (mine) taken.push_back(f->localsplus[i]);
  }
}

}  // namespace od

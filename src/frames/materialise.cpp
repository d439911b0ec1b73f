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

uint64_t bitsAt(Where where, uint64_t payload, ValueSource from) {
  switch (where) {
    case Where::Gpr: return from.regs->gpr[payload];
    case Where::Xmm: return bitsOf(from.regs->xmm[payload]);
    case Where::Spill: return from.spill[payload];
    case Where::Const: return payload;
  }
  return 0;
}

// An unboxed local that is not set (see ir/types.h).
bool isUnbound(Rep rep, uint64_t bits) {
  return (rep == Rep::I64 && bits == uint64_t(kUnboundInt)) || (rep == Rep::F64 && bits == uint64_t(kUnboundFloat));
}

// A new reference.
PyObject* boxed(Rep rep, uint64_t bits) {
  if (rep == Rep::Bool) return bits & 0xff ? Py_True : Py_False;
  double d;
  std::memcpy(&d, &bits, 8);
  const bool isInt = rep == Rep::I64;
  PyObject* raised = PyErr_GetRaisedException();
  PyObject* o = isInt ? PyLong_FromLongLong(int64_t(bits)) : PyFloat_FromDouble(d);
  if (!o) o = isInt ? spareInt(int64_t(bits)) : spareFloat(d);
  PyErr_SetRaisedException(raised);
  return o;
}

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
      if (held_[i] && object_[i]) out.add(object_[i]);
  }

 private:
  bool unbound(size_t i) const {
    const ValueLocation& v = s_.values[i];
    return v.owned && isUnbound(v.rep, bits(i));
  }
  uint64_t bits(size_t i) const { return bitsAt(s_.values[i].where, s_.values[i].payload, from_); }
  void box(size_t i) {
    held_[i] = 1;
    object_[i] = boxed(s_.values[i].rep, bits(i));
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
  for (uint32_t i = 0; i < count_; i++) Py_DECREF(few_[i]);
  for (PyObject* o : many_) Py_DECREF(o);
}

KnownState::KnownState(StateId known, DecodedState&& s) : DecodedState(std::move(s)), id(known) {
  fills.reserve(slots.size());
  std::vector<int32_t> taker(values.size(), -1);   // the first slot that shows a value
  for (size_t i = 0; i < slots.size(); i++) {
    const int32_t v = slots[i];
    if (v < 0) {
      fills.push_back({Fill::Null, Where::Const, Rep::Obj, false, 0});
      continue;
    }
    const ValueLocation& at = values[v];
    const bool first = taker[v] < 0, object = at.rep == Rep::Obj;
    if (first) taker[v] = int32_t(i);
    const Fill::How how = !object ? (first ? Fill::Box : Fill::Again) : first && at.owned ? Fill::Take : Fill::Share;
    fills.push_back({how, at.where, at.rep, at.owned && !object, how == Fill::Again ? uint64_t(taker[v]) : at.payload});
  }
  auto leave = [&](size_t v) {
    if (values[v].rep != Rep::Obj || !values[v].owned || taker[v] >= 0) return;
    left.push_back({Fill::Take, values[v].where, Rep::Obj, false, values[v].payload});
    taker[v] = 0;
  };
  for (int32_t p : pending)
    if (p >= 0) leave(size_t(p));
  for (size_t v = 0; v < values.size(); v++) leave(v);
}

// Nobody has seen the locals: the plan says it all.
static void fillFrame(Frame* f, const KnownState& s, ValueSource from, Leftovers& left) {
  PyObject** slot = f->localsplus;
  for (const Fill& fill : s.fills) {
    switch (fill.how) {
      case Fill::Null: *slot = nullptr; break;
      case Fill::Take: *slot = reinterpret_cast<PyObject*>(bitsAt(fill.where, fill.payload, from)); break;
      case Fill::Share: *slot = Py_XNewRef(reinterpret_cast<PyObject*>(bitsAt(fill.where, fill.payload, from))); break;
      case Fill::Again: *slot = Py_XNewRef(f->localsplus[fill.payload]); break;
      case Fill::Box: {
        const uint64_t bits = bitsAt(fill.where, fill.payload, from);
        *slot = fill.mayBeUnbound && isUnbound(fill.rep, bits) ? nullptr : boxed(fill.rep, bits);
        break;
      }
    }
    slot++;
  }
  for (const Fill& fill : s.left)
    if (PyObject* o = reinterpret_cast<PyObject*>(bitsAt(fill.where, fill.payload, from))) left.add(o);
}

void materialise(Frame* f, PyCodeObject* code, const KnownState& s, ValueSource from, bool localsOut, Leftovers& left) {
  f->stacktop = int(s.slots.size());
  if (!localsOut) return fillFrame(f, s, from, left);
  size_t nlocals = size_t(code->co_nlocalsplus);
  Values values(s, from);
  adoptShownLocals(values, s, f, nlocals);
  if (auto taken = takenOver().extract(from.spill)) values.giveUp(taken.mapped());
  for (size_t i = nlocals; i < s.slots.size(); i++) f->localsplus[i] = values.take(s.slots[i]);
  for (int32_t p : s.pending)
    if (PyObject* o = values.take(p)) left.add(o);
  values.leave(left);
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

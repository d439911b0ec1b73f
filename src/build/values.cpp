// Slots, references, frame states, guards and conversions: what every instruction's translation is made of.
#include <algorithm>
#include <bit>
#include <cstring>
#include "build/builder.h"

namespace od {

ValueId Builder::emit(Op op, std::initializer_list<ValueId> args, int64_t imm, uint32_t aux) {
  ValueId v = f.make(op, args, imm, aux);
  f[v].pc = in_ ? in_->at : s_.entryPc;
  if (f[v].rep == Rep::Obj) f[v].type = Type::object();
  return emitIn(cur_, v);
}

ValueId Builder::emitIn(BlockId b, ValueId v) {
  f[v].block = b;
  f[b].values.push_back(v);
  return v;
}

// Constants live in the entry block, one value each, so that equal slots are recognised by value.
ValueId Builder::literal(Op op, int64_t bits, Type t) {
  ValueId& c = literals_[{op, bits}];
  if (!c) {
    c = f.make(op, std::initializer_list<ValueId>{}, bits);
    f[c].type = t;
    f[c].block = f.entry;
    auto& vs = f[f.entry].values;
    vs.insert(vs.begin(), c);
  }
  return c;
}

ValueId Builder::constObj(const void* p) {
  const ObjectInfo* o = s_.object(p);
  Type t = !p ? Type(Kind::Null) : o ? Type(o->kind) : p == L_.None ? Type(Kind::None)
           : p == L_.True || p == L_.False ? Type(Kind::Bool) : Type::object();
  return literal(Op::ConstObj, (int64_t)p, t);
}

ValueId Builder::constI64(int64_t n) { return literal(Op::ConstI64, n); }
ValueId Builder::constF64(double d) { return literal(Op::ConstF64, std::bit_cast<int64_t>(d)); }
ValueId Builder::constBool(bool b) { return literal(Op::ConstBool, b); }

ValueId Builder::root(ValueId v) const {
  while (v) {
    Op op = f[v].op;
    if (op == Op::GuardKind || op == Op::GuardVersion || op == Op::GuardIs || op == Op::GuardNotNull || op == Op::GuardBool)
      v = f.arg(v, 0);
    else
      break;
  }
  return v;
}

// Null is left out: instructions that push it are known, and LOAD_FAST is only emitted where a local is set.
Type Builder::type(ValueId v) const {
  if (!v) return Type(Kind::Null);
  switch (f[v].rep) {
    case Rep::I64: return Type(Kind::Int);
    case Rep::F64: return Type(Kind::Float);
    case Rep::Bool: return Type(Kind::Bool);
    default: return Type(f[v].type.mask & ~1u);
  }
}

const void* Builder::constPtr(ValueId v) const {
  v = root(v);
  return v && f[v].op == Op::ConstObj ? (const void*)f[v].imm : nullptr;
}

const ObjectInfo* Builder::constant(ValueId v) const {
  const void* p = constPtr(v);
  return p ? s_.object(p) : nullptr;
}

bool Builder::immortal(ValueId v) const {
  const void* p = constPtr(v);
  if (!p) return false;
  if (p == L_.None || p == L_.True || p == L_.False) return true;
  const ObjectInfo* o = s_.object(p);
  return o && o->immortal;
}

// ---------------------------------------------------------------- slots

Ref Builder::pop() {
  Ref r = st_.slots.back();
  st_.slots.pop_back();
  return r;
}

// A constant that a slot shows already is owned as it is there: ownership is the value's, not the slot's.
void Builder::push(ValueId v, Own own) {
  if (v && f[v].op == Op::ConstObj)
    for (const Ref& r : st_.slots) if (r.v && root(r.v) == v) own = r.own;
  st_.slots.push_back(Ref{v, own});
}

bool Builder::inSlots(ValueId v) const {
  ValueId r = root(v);
  for (const Ref& s : st_.slots) if (s.v && root(s.v) == r) return true;
  return false;
}

void Builder::replace(ValueId from, ValueId to) {
  ValueId r = root(from);
  for (Ref& s : st_.slots) if (s.v && (s.v == from || root(s.v) == r)) s.v = to;
}

void Builder::patchSlots(ValueId from, Ref to) {
  for (Ref& s : st_.slots) if (s.v == from) s = to;
}

void Builder::retain(ValueId v) {
  if (!immortal(v)) emit(Op::Retain, {v});
}

void Builder::retainLazies() {
  for (size_t i = 0; i < st_.slots.size(); i++) {
    Ref r = st_.slots[i];
    if (!r.v || r.own != Own::Lazy) continue;
    bool forever = immortal(r.v) || (constant(r.v) && constant(r.v)->keptAlive);
    if (!forever) emit(Op::Retain, {r.v});
    ValueId k = root(r.v);
    for (Ref& s : st_.slots) if (s.v && root(s.v) == k) s.own = forever ? Own::Constant : Own::Owned;
  }
}

void Builder::observable() {
  retainLazies();
  st_.versions.clear();
}

bool Builder::releases(const Ref& r) const {
  return r.v && f[r.v].rep == Rep::Obj && r.own == Own::Owned && !inSlots(r.v) && !immortal(r.v);
}

// The values must differ: two popped references to one value are one reference here (see the opening comment of
// builder.h), which the second drop gives up.
void Builder::drops(std::initializer_list<Ref> refs) {
  std::vector<Ref> todo;
  for (const Ref& r : refs) {
    if (!releases(r)) continue;
    bool seen = false;
    for (const Ref& t : todo) seen |= root(t.v) == root(r.v);
    if (!seen) todo.push_back(r);
  }
  for (size_t i = 0; i < todo.size(); i++) {
    pending_.clear();
    for (size_t k = i + 1; k < todo.size(); k++) pending_.push_back(todo[k].v);
    drop(todo[i]);
  }
  pending_.clear();
}

void Builder::drop(Ref r) {
  if (!releases(r)) return;
  if (f[r.v].type.isLeaf()) { dropAt(r, StateId()); return; }
  observable();
  dropAt(r, in_->split ? halfState() : afterState());
}

// Behind the first half of a superinstruction: the interpreter can only go on behind the second, so the exit executes that.
StateId Builder::halfState() {
  const Instr& second = *following();
  FrameState s = frameState(in_->at, in_->next, ExitKind::Resume, Reason::world);
  s.drop = uint16_t(FrameState::kHalf | (second.op == Inst::StoreFast ? FrameState::kStores : 0) | second.arg);
  return f.newState(s);
}

void Builder::dropAt(Ref r, StateId state) {
  ValueId v = emit(Op::Release, {r.v});
  f[v].state = state;
}

ValueId Builder::boxed(ValueId v) {
  switch (f[v].rep) {
    case Rep::I64: {
      if (f[v].op == Op::ConstI64)
        for (const void* p : s_.consts)
          if (auto* o = s_.object(p); o && o->kind == Kind::Int && o->fitsInt && o->intValue == f[v].imm) return constObj(p);
      ValueId b = emit(Op::BoxInt, {v});
      f[b].type = Kind::Int;
      return b;
    }
    case Rep::F64: {
      if (f[v].op == Op::ConstF64)
        for (const void* p : s_.consts)
          if (auto* o = s_.object(p); o && o->kind == Kind::Float && !memcmp(&o->floatValue, &f[v].imm, 8)) return constObj(p);
      ValueId b = emit(Op::BoxFloat, {v});
      f[b].type = Kind::Float;
      return b;
    }
    case Rep::Bool: {
      if (f[v].op == Op::ConstBool) return constObj(f[v].imm ? L_.True : L_.False);
      ValueId b = emit(Op::BoxBool, {v});
      f[b].type = Kind::Bool;
      return b;
    }
    default: return v;
  }
}

// The value as an object. An unboxed one is boxed once, in every slot that shows it, and for every operand that the
// instruction has taken off the stack already.
ValueId Builder::object(Ref& r, bool unbound) {
  if (!r.v || f[r.v].rep == Rep::Obj) return r.v;
  ValueId raw = r.v;
  for (const auto& [operand, ref] : boxed_)
    if (operand == raw && f[ref.v].block == cur_) {
      r = ref;
      return r.v;
    }
  noteEscape(raw);
  ValueId b;
  if (unbound && unbound_.count(raw.raw)) {
    bool isInt = f[raw].rep == Rep::I64;
    b = emit(isInt ? Op::BoxIntOrNull : Op::BoxFloatOrNull, {raw});
    f[b].type = Type(isInt ? Kind::Int : Kind::Float) | Type(Kind::Null);
  } else {
    b = boxed(raw);
  }
  Own own = f[b].op == Op::ConstObj || f[b].op == Op::BoxBool ? Own::Constant : Own::Owned;
  if (f[b].rep == Rep::Obj && f[raw].rep != Rep::Bool) setUnboxed(b, raw);
  patchSlots(raw, Ref{b, own});
  r = Ref{b, own};
  if (own == Own::Owned) boxed_.push_back({raw, r});
  return b;
}

ValueId Builder::take(Ref r) {
  if (!r.v) return constObj(nullptr);
  object(r);
  bool again = std::find(taken_.begin(), taken_.end(), root(r.v)) != taken_.end();   // by this instruction
  if (r.own == Own::Owned && !inSlots(r.v) && !again) {
    taken_.push_back(root(r.v));
    return r.v;
  }
  retain(r.v);
  return r.v;
}

// ---------------------------------------------------------------- frame states

FrameState Builder::frameState(uint32_t at, uint32_t resume, ExitKind kind, Reason why) const {
  FrameState s;
  s.at = at;
  s.resume = resume;
  s.kind = kind;
  s.reason = (uint16_t)why;
  s.slots.reserve(st_.slots.size());
  for (const Ref& r : st_.slots) s.slots.push_back(StateSlot{r.v, r.v && (f[r.v].rep == Rep::Obj ? r.own == Own::Owned : unbound_.count(r.v.raw) != 0)});
  s.pending = pending_;
  return s;
}

// Valid only before the instruction has popped anything. Shared by the instruction's guards.
StateId Builder::exitState(Reason why) {
  for (auto& e : exits_) if (e.first == why) return e.second;
  StateId s = f.newState(frameState(in_->at, in_->start, ExitKind::Resume, why));
  exits_.push_back({why, s});
  return s;
}

StateId Builder::raiseState() { return f.newState(frameState(in_->at, in_->start, ExitKind::Raise, Reason::exception)); }
StateId Builder::afterState() { return f.newState(frameState(in_->at, resumeAt_ >= 0 ? (uint32_t)resumeAt_ : in_->next, ExitKind::Resume, Reason::world)); }

// ---------------------------------------------------------------- guards and conversions

void Builder::setUnboxed(ValueId obj, ValueId raw) { st_.unboxed.push_back({root(obj), raw}); }

ValueId Builder::unboxedOf(ValueId obj) const {
  ValueId r = root(obj);
  for (auto& e : st_.unboxed) if (e.first == r) return e.second;
  return ValueId();
}

// A method of a base class sees one class after another: where two of its accesses have, the others will. Sites with a
// memory serve all of them, and the code is not compiled again for each.
bool Builder::tooVaried(Reason why) const {
  if (why != Reason::not_version && why != Reason::callee_changed) return false;
  if (in_->fb.varied) return true;
  int n = 0;
  for (uint64_t guess : s_.failed) n += (guess & 0xffff) == (uint64_t)why;
  return n >= 2;
}

void Builder::guardKind(Ref& r, Kind k, Reason why) {
  if (f[r.v].rep != Rep::Obj || type(r.v).is(k)) return;
  noteWant(r.v, Rep::None, k);
  ValueId g = emit(Op::GuardKind, {r.v}, (int64_t)k);
  f[g].state = exitState(why);
  f[g].type = Type(k);
  replace(r.v, g);
  r.v = g;
}

bool Builder::guessKind(Ref& r, Kind k, Reason why) {
  if (!r.v) return false;
  if (type(r.v).is(k)) return true;
  if (f[r.v].rep != Rep::Obj || !type(r.v).may(k) || !mayGuess(why)) return false;
  guardKind(r, k, why);
  return true;
}

ValueId Builder::guardVersion(Ref& r, uint32_t version) {
  ValueId k = root(r.v);
  for (auto& e : st_.versions) if (e.first == k && e.second == version) return r.v;
  ValueId g = emit(Op::GuardVersion, {r.v}, (int64_t)version);
  f[g].state = exitState(Reason::not_version);
  f[g].type = type(r.v);
  replace(r.v, g);
  r.v = g;
  st_.versions.push_back({root(g), version});
  return g;
}

void Builder::guardClassVersion(ValueId cls, uint32_t version, Reason why) {
  constexpr int64_t kTypeSubclass = int64_t(1) << 31;   // Py_TPFLAGS_TYPE_SUBCLASS
  ValueId t = load(Op::LoadI64, cls, L_.ob_type);
  ValueId flags = emit(Op::AndI, {load(Op::LoadI64, t, L_.tp_flags), constI64(kTypeSubclass)});
  guardCmp(Cond::Ne, flags, constI64(0), why);
  guardCmp(Cond::Eq, load(Op::LoadU32, cls, L_.tp_version_tag), constI64(version), why);
}

void Builder::guardCmp(Cond c, ValueId a, ValueId b, Reason why) {
  ValueId g = emit(Op::GuardCmp, {a, b}, 0, (uint32_t)c);
  f[g].state = exitState(why);
}

void Builder::guardTrue(ValueId cond, Reason why) {
  ValueId g = emit(Op::GuardTrue, {cond});
  f[g].state = exitState(why);
}

ValueId Builder::guardNotNull(ValueId v, Reason why) {
  ValueId g = emit(Op::GuardNotNull, {v});
  f[g].state = exitState(why);
  f[g].type = type(v);
  return g;
}

bool Builder::canI64(const Ref& r) const {
  if (!r.v) return false;
  if (f[r.v].rep == Rep::I64) return true;
  if (f[r.v].rep != Rep::Obj || !type(r.v).is(Kind::Int)) return false;
  const ObjectInfo* c = constant(r.v);
  return !c || c->fitsInt;
}

bool Builder::canF64(const Ref& r) const { return r.v && (f[r.v].rep == Rep::F64 || (f[r.v].rep == Rep::Obj && type(r.v).is(Kind::Float))); }

ValueId Builder::i64(Ref& r) {
  if (f[r.v].rep == Rep::I64) return r.v;
  if (const ObjectInfo* c = constant(r.v); c && c->kind == Kind::Int && c->fitsInt) return constI64(c->intValue);
  if (ValueId u = unboxedOf(r.v); u && f[u].rep == Rep::I64) return u;
  noteWant(r.v, Rep::I64, Kind::Int);
  ValueId u = emit(Op::UnboxInt, {r.v});
  f[u].state = exitState(Reason::int_overflow);
  setUnboxed(r.v, u);
  return u;
}

ValueId Builder::f64(Ref& r) {
  if (f[r.v].rep == Rep::F64) return r.v;
  if (const ObjectInfo* c = constant(r.v)) {
    if (c->kind == Kind::Float) return constF64(c->floatValue);
    if (c->kind == Kind::Int && c->fitsInt) return constF64((double)c->intValue);
  }
  if (canI64(r)) return emit(Op::IntToFloat, {i64(r)});
  if (ValueId u = unboxedOf(r.v); u && f[u].rep == Rep::F64) return u;
  noteWant(r.v, Rep::F64, Kind::Float);
  ValueId u = emit(Op::UnboxFloat, {r.v});
  setUnboxed(r.v, u);
  return u;
}

ValueId Builder::load(Op op, ValueId base, int64_t offset, Type t) {
  ValueId v = emit(op, {base}, offset);
  if (f[v].rep == Rep::Obj) f[v].type = t;
  return v;
}

ValueId Builder::aux(uint32_t n) {
  f.auxWords = std::max(f.auxWords, n);
  return emit(Op::AuxAddr, {});
}

// ---------------------------------------------------------------- choices inside an instruction

void Builder::fork(ValueId cond, BlockId& yes, BlockId& no) {
  emit(Op::Branch, {cond});
  yes = f.newBlock();
  no = f.newBlock();
  f[cur_].succ[0] = yes;
  f[cur_].succ[1] = no;
  for (BlockId b : {yes, no}) {
    f[b].preds.push_back(cur_);
    f[b].loopDepth = f[cur_].loopDepth;
    f[b].pc = in_->at;
  }
}

// Ends the current block with a jump to one that both sides of a fork reach with the same slots.
void Builder::joinAt(BlockId to) {
  emit(Op::Jump, {});
  f[cur_].succ[0] = to;
  f[to].preds.push_back(cur_);
  f[to].loopDepth = f[cur_].loopDepth;
  f[to].pc = in_->at;
}

// ---------------------------------------------------------------- helper calls

// Arguments are ready (owned where the row consumes). Operands have been popped: the state shows what is left.
ValueId Builder::helper(Helper h, std::vector<ValueId> args, Type result, int64_t arrayFrom) {
  const HelperInfo& row = helperInfo(h);
  if (row.observable) observable();
  StateId raise = row.failure != Failure::Never || row.observable || row.passFrame ? raiseState() : StateId();
  ValueId v = f.make(arrayFrom >= 0 ? Op::CallArray : Op::Call, args, arrayFrom >= 0 ? arrayFrom : 0, (uint32_t)h);
  f[v].rep = row.result;
  f[v].type = row.result == Rep::Obj ? (row.mayBeNull ? Type(result.mask | 1) : result) : Type();
  f[v].state = raise;
  f[v].pc = in_->at;
  return emitIn(cur_, v);
}

void Builder::finish(ValueId call) {
  if (helperInfo(Helper(f[call].aux)).observable) f[call].after = afterState();
}

bool Builder::pushResult(ValueId call) {
  push(call, Own::Owned);
  finish(call);
  return true;
}

void Builder::leaveIfChanged() {
  ValueId v = emit(Op::LeaveIfChanged, {});
  f[v].state = afterState();
}

}  // namespace od

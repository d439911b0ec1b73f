// The IR's meaning, written a second time as an interpreter: what the emitted code is compared with.
#include <bit>
#include <cmath>
#include <cstring>

#include "emit_machine.h"

namespace stage {
using namespace od;

namespace {

class Interpreter {
 public:
  Interpreter(Function& f, const std::vector<uint64_t>& slots, const Options& o, uint32_t flip)
      : f_(f), slots_(slots), o_(o), countdown_(o.countdown), flip_(flip), reg_(f.values.size(), 0) {}

  Outcome run() {
    BlockId b = f_.entry, from;
    for (int steps = 0; b.valid() && steps < 20000; steps++) {
      enter(b, from);
      done_ = false;
      next_ = BlockId();
      for (ValueId v : f_[b].values) {
        step(b, v);
        if (done_) break;
      }
      from = b;
      b = next_;
    }
    out_.heap.assign(heap(), heap() + kObjects);
    return std::move(out_);
  }

 private:
  void enter(BlockId b, BlockId from) {
    if (f_[b].phis.empty()) return;
    uint32_t edge = 0;
    while (f_[b].preds[edge] != from) edge++;
    std::vector<uint64_t> in;
    for (ValueId p : f_[b].phis) in.push_back(reg_[f_.arg(p, edge).raw]);
    for (size_t i = 0; i < in.size(); i++) reg_[f_[b].phis[i].raw] = in[i];
  }

  std::vector<Frame> frames(StateId s) {
    std::vector<Frame> out;
    for (; s.valid(); s = f_[s].parent) {
      Frame frame{f_[s].at, {}};
      for (const StateSlot& slot : f_[s].slots) {
        if (!slot.value.valid()) frame.slots.push_back({Rep::Obj, 0});
        else frame.slots.push_back({f_[slot.value].rep, reg_[slot.value.raw]});
      }
      out.push_back(std::move(frame));
    }
    return out;
  }
  void leave(StateId s) {
    out_.exited = true;
    out_.frames = frames(s);
    done_ = true;
  }
  void log(std::string what, std::vector<uint64_t> args, StateId shown = StateId()) {
    Event e{std::move(what), std::move(args), {}};
    if (shown.valid()) e.shown = frames(shown);
    out_.events.push_back(std::move(e));
    if (o_.breakAt == out_.events.size()) changed_ = !changed_;
  }
  bool random(uint32_t oneIn) {
    flip_ = flip_ * 1664525 + 1013904223;
    return (flip_ >> 8) % oneIn == 0;
  }
  // A guard that fails leaves, or (making programs that run on) is turned round so that it holds.
  bool holds(ValueId v, bool condition) {
    if (condition) return true;
    if (!flip_ || random(8)) return false;
    Value& g = f_[v];
    if (g.op == Op::GuardTrue) g.op = Op::GuardFalse;
    else if (g.op == Op::GuardFalse) g.op = Op::GuardTrue;
    else if (g.op == Op::GuardCmp) g.aux = uint32_t(negate(Cond(g.aux)));
    else return false;
    return true;
  }

  uint64_t a(ValueId v, uint32_t i = 0) { return reg_[f_.arg(v, i).raw]; }
  int64_t i(ValueId v, uint32_t k = 0) { return int64_t(a(v, k)); }
  double d(ValueId v, uint32_t k = 0) { return std::bit_cast<double>(a(v, k)); }
  Object& obj(uint64_t p) { return *reinterpret_cast<Object*>(p); }

  void step(BlockId b, ValueId v);
  bool guard(ValueId v);
  bool integers(ValueId v);
  bool floats(ValueId v);
  bool objects(ValueId v);
  void checked(ValueId v, bool good, const int64_t& value) {  // a reference: `good` may be what sets it
    if (good) reg_[v.raw] = uint64_t(value);
    else leave(f_[v].state);
  }
  void calls(ValueId v);
  void box(ValueId v);

  Function& f_;
  const std::vector<uint64_t>& slots_;
  const Options& o_;
  uint64_t countdown_;
  uint32_t flip_;
  std::vector<uint64_t> reg_;
  Outcome out_;
  BlockId next_;
  bool done_ = false, changed_ = false;
  uint64_t nextObject_ = 0;
};

bool compare(Cond c, int64_t x, int64_t y) {
  const uint64_t p = uint64_t(x), q = uint64_t(y);
  switch (c) {
    case Cond::Lt: return x < y;
    case Cond::Le: return x <= y;
    case Cond::Eq: return x == y;
    case Cond::Ne: return x != y;
    case Cond::Gt: return x > y;
    case Cond::Ge: return x >= y;
    case Cond::ULt: return p < q;
    case Cond::ULe: return p <= q;
    case Cond::UGt: return p > q;
    case Cond::UGe: return p >= q;
  }
  return false;
}

bool compareF(Cond c, double x, double y) {
  switch (c) {
    case Cond::Lt: return x < y;
    case Cond::Le: return x <= y;
    case Cond::Eq: return x == y;
    case Cond::Ne: return x != y;
    case Cond::Gt: return x > y;
    default: return x >= y;
  }
}

bool Interpreter::guard(ValueId v) {
  const Value& g = f_[v];
  bool good;
  switch (g.op) {
    case Op::GuardTrue: good = a(v) == 1; break;
    case Op::GuardFalse: good = a(v) == 0; break;
    case Op::GuardCmp: good = compare(Cond(g.aux), i(v), i(v, 1)); break;
    case Op::GuardNotNull: good = a(v) != 0; break;
    case Op::GuardNull: good = a(v) == 0; break;
    case Op::GuardIs: good = a(v) == uint64_t(g.imm); break;
    case Op::GuardKind: good = obj(a(v)).type == layout().kindType[unsigned(g.imm)]; break;
    default: return false;
  }
  if (!holds(v, good)) leave(g.state);
  else if (g.count && g.rep == Rep::Obj) reg_[v.raw] = a(v);
  return true;
}

bool Interpreter::integers(ValueId v) {
  const int64_t x = f_[v].count > 0 ? i(v) : 0, y = f_[v].count > 1 ? i(v, 1) : 0;
  int64_t r = 0;
  switch (f_[v].op) {
    case Op::AddI: checked(v, !__builtin_add_overflow(x, y, &r), r); return true;
    case Op::SubI: checked(v, !__builtin_sub_overflow(x, y, &r), r); return true;
    case Op::MulI: checked(v, !__builtin_mul_overflow(x, y, &r), r); return true;
    case Op::NegI: checked(v, !__builtin_sub_overflow(int64_t(0), x, &r), r); return true;
    case Op::AddWrap: r = int64_t(uint64_t(x) + uint64_t(y)); break;
    case Op::SubWrap: r = int64_t(uint64_t(x) - uint64_t(y)); break;
    case Op::AndI: r = x & y; break;
    case Op::OrI: r = x | y; break;
    case Op::XorI: r = x ^ y; break;
    case Op::NotI: r = ~x; break;
    case Op::FloorDivI: {
      const bool good = y != 0 && !(y == -1 && x == INT64_MIN);
      checked(v, good, good ? x / y - (x % y != 0 && ((x % y) ^ y) < 0) : 0);
      return true;
    }
    case Op::ModI: {
      const int64_t m = y == 0 || y == -1 ? 0 : x % y;
      checked(v, y != 0, m != 0 && (m ^ y) < 0 ? m + y : m);
      return true;
    }
    case Op::ShlI: {
      const bool good = y >= 0 && y <= 63;
      r = good ? int64_t(uint64_t(x) << y) : 0;
      checked(v, good && (r >> y) == x, r);
      return true;
    }
    case Op::ShrI: checked(v, y >= 0, x >> (y > 63 ? 63 : y & 63)); return true;
    case Op::CmpI: r = compare(Cond(f_[v].aux), x, y); break;
    case Op::BoolToInt: r = x; break;
    case Op::NotB: r = !x; break;
    default: return false;
  }
  reg_[v.raw] = uint64_t(r);
  return true;
}

bool Interpreter::floats(ValueId v) {
  double r = 0;
  switch (f_[v].op) {
    case Op::AddF: r = d(v) + d(v, 1); break;
    case Op::SubF: r = d(v) - d(v, 1); break;
    case Op::MulF: r = d(v) * d(v, 1); break;
    case Op::DivF:
      if (d(v, 1) == 0) leave(f_[v].state);
      else r = d(v) / d(v, 1);
      break;
    case Op::NegF: r = -d(v); break;
    case Op::AbsF: r = std::fabs(d(v)); break;
    case Op::SqrtF: r = std::sqrt(d(v)); break;
    case Op::IntToFloat: r = double(i(v)); break;
    case Op::CmpF: reg_[v.raw] = compareF(Cond(f_[v].aux), d(v), d(v, 1)); return true;
    default: return false;
  }
  reg_[v.raw] = std::bit_cast<uint64_t>(r);
  return true;
}

void Interpreter::box(ValueId v) {
  if (f_[v].op == Op::BoxInt && i(v) >= -5 && i(v) <= 256) {
    reg_[v.raw] = uint64_t(layout().smallInts) + uint64_t(i(v) + 5) * 32;
    return;
  }
  Object& o = heap()[kMortals + (nextObject_++ & 3)];   // free lists are empty where this is compared
  o.refcnt = 1;
  (f_[v].op == Op::BoxInt ? o.digit : o.tag) = a(v);
  log(f_[v].op == Op::BoxInt ? "box int" : "box float", {a(v)});
  reg_[v.raw] = uint64_t(&o);
}

bool Interpreter::objects(ValueId v) {
  const Value& x = f_[v];
  switch (x.op) {
    case Op::LoadSlot: reg_[v.raw] = slots_[size_t(x.imm)]; return true;
    case Op::LoadFunc: reg_[v.raw] = object(0); return true;
    case Op::LoadI64: case Op::LoadF64: case Op::LoadObj: std::memcpy(&reg_[v.raw], reinterpret_cast<void*>(a(v) + uint64_t(x.imm)), 8); return true;
    case Op::LoadI32: reg_[v.raw] = uint64_t(int64_t(*reinterpret_cast<int32_t*>(a(v) + uint64_t(x.imm)))); return true;
    case Op::LoadU32: reg_[v.raw] = *reinterpret_cast<uint32_t*>(a(v) + uint64_t(x.imm)); return true;
    case Op::LoadU8: reg_[v.raw] = *reinterpret_cast<uint8_t*>(a(v) + uint64_t(x.imm)); return true;
    case Op::StoreI64: case Op::StoreF64: case Op::StoreObj: {
      const uint64_t bits = a(v, 1);
      std::memcpy(reinterpret_cast<void*>(a(v) + uint64_t(x.imm)), &bits, 8);
      return true;
    }
    case Op::Retain:
      if (int32_t(obj(a(v)).refcnt) != -1) obj(a(v)).refcnt = (obj(a(v)).refcnt & ~0xffffffffll) | uint32_t(obj(a(v)).refcnt + 1);
      return true;
    case Op::Release:
      if (int32_t(obj(a(v)).refcnt) < 0) return true;
      if (--obj(a(v)).refcnt == 0) {
        log("release", {a(v)});
        const bool leaf = obj(a(v)).type == layout().kindType[unsigned(Kind::Int)];   // nobody is shown anything
        if (changed_ && x.state.valid() && !leaf) leave(x.state);
      }
      return true;
    case Op::UnboxInt: {
      Object& o = obj(a(v));
      if (o.tag < 16) {
        reg_[v.raw] = uint64_t((1 - int64_t(o.tag & 3)) * int64_t(uint32_t(o.digit)));
        return true;
      }
      log("unbox int", {a(v)});
      checked(v, o.field[1], int64_t(o.field[0]));
      return true;
    }
    case Op::UnboxFloat: reg_[v.raw] = obj(a(v)).tag; return true;
    case Op::UnboxBool: reg_[v.raw] = a(v) == uint64_t(layout().True); return true;
    case Op::BoxBool: reg_[v.raw] = uint64_t(a(v) ? layout().True : layout().False); return true;
    case Op::BoxInt: case Op::BoxFloat: box(v); return true;
    case Op::IsSame: reg_[v.raw] = a(v) == a(v, 1); return true;
    case Op::IsObj: reg_[v.raw] = a(v) == uint64_t(x.imm); return true;
    case Op::IsKind: reg_[v.raw] = obj(a(v)).type == layout().kindType[unsigned(x.imm)]; return true;
    case Op::IsUnique:
      reg_[v.raw] = a(v) && obj(a(v)).type == layout().kindType[unsigned(x.imm)] && obj(a(v)).refcnt == 1;
      return true;
    case Op::ConstObj: case Op::ConstI64: case Op::ConstF64: case Op::ConstBool: reg_[v.raw] = uint64_t(x.imm); return true;
    case Op::Publish: case Op::Unlink: return true;
    default: return false;
  }
}

void Interpreter::calls(ValueId v) {
  const Value& x = f_[v];
  const HelperInfo& row = helperInfo(Helper(x.aux));
  std::vector<uint64_t> args;
  for (uint32_t k = 0; k < x.count; k++) args.push_back(a(v, k));
  reg_[v.raw] = helperResult(x.aux, args);
  log(row.name, args, row.observable ? x.state : StateId());
  if (row.failure == Failure::Null && reg_[v.raw] == 0) return leave(x.state);
  if (row.failure == Failure::Neg && int64_t(reg_[v.raw]) < 0) return leave(x.state);
  if (!row.observable || !changed_ || !x.after.valid()) return;
  log("check world", {}, x.after);
  changed_ = false;
  if (o_.worldAnswer) leave(x.after);
}

void Interpreter::step(BlockId b, ValueId v) {
  const Value& x = f_[v];
  const bool counted = (info(x.op).effects & EffGuard) && x.op != Op::Exit && x.op != Op::CheckWorld && x.state.valid();
  if (counted && o_.countdown && --countdown_ == 0) return leave(x.state);
  if (guard(v) || integers(v) || floats(v) || objects(v)) return;
  switch (x.op) {
    case Op::Call: case Op::CallArray: calls(v); break;
    case Op::CheckWorld:
      if (!changed_) break;
      log("check world", {}, x.state);
      changed_ = false;
      if (o_.worldAnswer) leave(x.state);
      break;
    case Op::Jump: next_ = f_[b].succ[0]; break;
    case Op::Branch: next_ = f_[b].succ[a(v) ? 0 : 1]; break;
    case Op::Return: out_.result = a(v); break;
    case Op::Exit: leave(x.state); break;
    default: out_.events.push_back({std::string("not interpreted: ") + info(x.op).name, {}, {}});
  }
}

}  // namespace

Outcome interpret(Function& f, const std::vector<uint64_t>& slots, const Options& o, uint32_t flipSeed) {
  return Interpreter(f, slots, o, flipSeed).run();
}

}  // namespace stage

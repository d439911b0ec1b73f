// Arithmetic, comparison and truth. Numbers are unboxed where their types are known or guessed; the guesses come from the
// interpreter's inline caches, from our own generic helpers' profiles, and from a known operand on the other side.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include "build/builder.h"

namespace od {
namespace {

// BINARY_OP kinds (opcode.h: NB_*); the in-place form of a kind is kind + 13.
enum Nb : uint32_t { Add, And, FloorDivide, LShift, MatMul, Multiply, Remainder, Or, Power, RShift, Subtract, TrueDivide, Xor };
constexpr uint32_t kInplace = 13;

// COMPARE_OP kinds: Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE
constexpr Cond kConds[] = {Cond::Lt, Cond::Le, Cond::Eq, Cond::Ne, Cond::Gt, Cond::Ge};
constexpr uint32_t kSwapped[] = {4, 5, 2, 3, 0, 1};
constexpr int64_t kExactDouble = int64_t(1) << 53;   // ints up to here convert to double exactly

}  // namespace

// What both operands are, or are guessed to be: Int, Float (an int operand converts), Str; Count: no idea.
Kind Builder::operandKind(Ref& a, Ref& b, bool compare) {
  const Feedback& fb = in_->fb;
  Type ta = type(a.v), tb = type(b.v);
  bool na = ta.is(Kind::Int) || ta.is(Kind::Float), nb = tb.is(Kind::Int) || tb.is(Kind::Float);
  if (ta.is(Kind::Str) && tb.is(Kind::Str)) return Kind::Str;
  if (na && nb) return ta.is(Kind::Int) && tb.is(Kind::Int) ? Kind::Int : Kind::Float;
  if (s_.generic) return Kind::Count;
  if (fb.spec == Spec::Int && ta.may(Kind::Int) && tb.may(Kind::Int)) return Kind::Int;
  if (fb.spec == Spec::Float && ta.may(Kind::Float) && tb.may(Kind::Float)) return Kind::Float;
  if (fb.spec == Spec::Str && ta.may(Kind::Str) && tb.may(Kind::Str)) return Kind::Str;
  if (fb.samples) {
    Type la(fb.lhsKinds), lb(fb.rhsKinds);
    if (na) la = ta;
    if (nb) lb = tb;
    bool numbers = (la.is(Kind::Int) || la.is(Kind::Float)) && (lb.is(Kind::Int) || lb.is(Kind::Float));
    if (numbers) return la.is(Kind::Int) && lb.is(Kind::Int) ? Kind::Int : Kind::Float;
    if (la.is(Kind::Str) && lb.is(Kind::Str)) return Kind::Str;
    return Kind::Count;
  }
  if (fb.spec == Spec::None && (na || nb)) {   // never specialised: the instruction has no such form; follow the known side
    Kind k = na ? ta.single() : tb.single();
    if (k == Kind::Float || !compare) return k;
  }
  // The interpreter has no special form of these, and nothing was learnt yet: they are mostly used on ints.
  if (fb.spec == Spec::None && !compare) {
    uint32_t nb = (uint32_t)in_->arg % kInplace;
    if (nb == And || nb == Or || nb == Xor || nb == LShift || nb == RShift) return Kind::Int;
  }
  return Kind::Count;
}

// The two topmost entries give way to a result.
void Builder::replaceTwo(ValueId result, Own own) {
  Ref b = pop(), a = pop();
  push(result, own);
  drops({a, b});
}

bool Builder::binaryOp() {
  uint32_t nb = (uint32_t)in_->arg % kInplace;
  Ref& b = top(0);
  Ref& a = top(1);
  Kind k = operandKind(a, b, false);
  ValueId r;
  if (k == Kind::Int) {
    if (guessKind(a, Kind::Int, Reason::not_int) && guessKind(b, Kind::Int, Reason::not_int)) {
      if (canI64(a) && canI64(b) && mayGuess(Reason::int_overflow)) r = intOp(nb, a, b);
      if (!r) return bigIntOp(nb);
    }
  } else if (k == Kind::Float) {
    auto number = [&](Ref& x) { return canI64(x) || guessKind(x, Kind::Float, Reason::not_float); };
    if (number(a) && number(b)) r = floatOp(nb, a, b);
  } else if (k == Kind::Str && nb == Add) {
    if (guessKind(a, Kind::Str, Reason::not_kind) && guessKind(b, Kind::Str, Reason::not_kind)) return strAdd();
  }
  if (r) {
    replaceTwo(r, Own::Constant);
    return true;
  }
  Ref rb = pop(), ra = pop();
  ValueId vb = take(rb), va = take(ra);
  std::vector<ValueId> args{va, vb, constI64(in_->arg), constI64((int64_t)in_->fb.profileSlot)};
  return pushResult(helper(Helper::binary_op, args, Type::object()));
}

ValueId Builder::intOp(uint32_t nb, Ref& a, Ref& b) {
  auto checked = [&](Op op, Reason why) {
    ValueId x = i64(a), y = i64(b);
    ValueId v = emit(op, {x, y});
    f[v].state = exitState(why);
    return v;
  };
  switch (nb) {
    case Add: return checked(Op::AddI, Reason::int_overflow);
    case Subtract: return checked(Op::SubI, Reason::int_overflow);
    case Multiply: return checked(Op::MulI, Reason::int_overflow);
    case FloorDivide: return mayGuess(Reason::zero_division) ? checked(Op::FloorDivI, Reason::zero_division) : ValueId();
    case Remainder: return mayGuess(Reason::zero_division) ? checked(Op::ModI, Reason::zero_division) : ValueId();
    case LShift: return mayGuess(Reason::shift) ? checked(Op::ShlI, Reason::shift) : ValueId();
    case RShift: return mayGuess(Reason::shift) ? checked(Op::ShrI, Reason::shift) : ValueId();
    case And: { ValueId x = i64(a), y = i64(b); return emit(Op::AndI, {x, y}); }
    case Or: { ValueId x = i64(a), y = i64(b); return emit(Op::OrI, {x, y}); }
    case Xor: { ValueId x = i64(a), y = i64(b); return emit(Op::XorI, {x, y}); }
    case TrueDivide: {
      // Exact as a division of doubles where both ints are.
      if (!mayGuess(Reason::zero_division) || !mayGuess(Reason::math_domain)) return ValueId();
      ValueId x = i64(a), y = i64(b);
      for (ValueId n : {x, y})
        if (f[n].op != Op::ConstI64 || std::llabs(f[n].imm) > kExactDouble)
          guardCmp(Cond::ULe, emit(Op::AddWrap, {n, constI64(kExactDouble)}), constI64(2 * kExactDouble), Reason::math_domain);
      ValueId q = emit(Op::DivF, {emit(Op::IntToFloat, {x}), emit(Op::IntToFloat, {y})});
      f[q].state = exitState(Reason::zero_division);
      return q;
    }
    case Power: {
      const ObjectInfo* c = constant(b.v);
      if (!c || !c->fitsInt || c->intValue < 1 || c->intValue > 3) return ValueId();
      ValueId x = i64(a), r = x;
      for (int64_t n = 1; n < c->intValue; n++) {
        r = emit(Op::MulI, {r, x});
        f[r].state = exitState(Reason::int_overflow);
      }
      return r;
    }
    default: return ValueId();
  }
}

// Exact ints of any size, as objects: the two topmost entries.
bool Builder::bigIntOp(uint32_t nb) {
  Ref rb = pop(), ra = pop();
  // Boxing in place may change the operands' references: both are needed until the helper has returned.
  object(ra);
  object(rb);
  if (nb == MatMul) {
    std::vector<ValueId> owned{take(ra), take(rb), constI64(in_->arg), constI64(0)};
    return pushResult(helper(Helper::binary_op, owned, Type::object()));
  }
  pending_.clear();
  if (releases(ra)) pending_.push_back(ra.v);
  if (releases(rb) && root(rb.v) != root(ra.v)) pending_.push_back(rb.v);
  Helper h = nb == Add ? Helper::long_add : nb == Subtract ? Helper::long_sub : nb == Multiply ? Helper::long_mul : Helper::long_binary;
  Type t = nb == TrueDivide ? Type(Kind::Float) : nb == Power ? Type(Kind::Float) | Type(Kind::Int) : Type(Kind::Int);
  std::vector<ValueId> args{ra.v, rb.v};
  if (h == Helper::long_binary) args.push_back(constI64(in_->arg));
  ValueId c = helper(h, args, t);
  pending_.clear();
  push(c, Own::Owned);
  drops({ra, rb});
  return true;
}

ValueId Builder::floatPower(ValueId x, ValueId y) {
  if (!mayGuess(Reason::math_domain)) return ValueId();
  double e = 0;
  bool even = false;
  if (f[y].op == Op::ConstF64) {
    memcpy(&e, &f[y].imm, 8);
    even = e > 0 && e < 1024 && std::fmod(e, 2.0) == 0;
  }
  if (even) x = emit(Op::AbsF, {x});
  else {
    guardTrue(emit(Op::CmpF, {x, constF64(0.0)}, 0, (uint32_t)Cond::Gt), Reason::math_domain);
  }
  ValueId r = helper(Helper::float_pow, {x, y}, Type());
  ValueId finite = emit(Op::CmpF, {emit(Op::AbsF, {r}), constF64(INFINITY)}, 0, (uint32_t)Cond::Lt);
  guardTrue(finite, Reason::math_domain);
  return r;
}

ValueId Builder::floatOp(uint32_t nb, Ref& a, Ref& b) {
  switch (nb) {
    case Add: { ValueId x = f64(a), y = f64(b); return emit(Op::AddF, {x, y}); }
    case Subtract: { ValueId x = f64(a), y = f64(b); return emit(Op::SubF, {x, y}); }
    case Multiply: { ValueId x = f64(a), y = f64(b); return emit(Op::MulF, {x, y}); }
    case TrueDivide: {
      if (!mayGuess(Reason::zero_division)) return ValueId();
      ValueId x = f64(a), y = f64(b);
      ValueId v = emit(Op::DivF, {x, y});
      f[v].state = exitState(Reason::zero_division);
      return v;
    }
    case FloorDivide: case Remainder: {
      if (!mayGuess(Reason::zero_division)) return ValueId();
      ValueId x = f64(a), y = f64(b);
      guardTrue(nonZero(y), Reason::zero_division);
      return helper(nb == Remainder ? Helper::float_mod : Helper::float_floordiv, {x, y}, Type());
    }
    case Power: {
      if (canI64(a)) return ValueId();   // int ** float: the general rule
      ValueId x = f64(a), y = f64(b);
      return floatPower(x, y);
    }
    default: return ValueId();
  }
}

// `x = x + y` and `x += y` on a local extend the str in place when nobody else has it, as the interpreter does. In `x += x`
// the right side has it too, though both are one reference here.
bool Builder::strAdd() {
  const Instr* next = following();
  bool inplace = next && (next->op == Inst::StoreFast) && in_->fb.index == 1 && top(1).v &&
                 st_.slots[next->arg].v && root(st_.slots[next->arg].v) == root(top(1).v) &&
                 root(top().v) != root(top(1).v);
  Ref b = pop(), a = pop();
  ValueId c;
  if (inplace) {
    st_.slots[next->arg] = Ref{};
    ValueId va = take(a);
    pending_.clear();
    if (releases(b)) pending_.push_back(b.v);
    c = helper(Helper::str_append, {va, b.v}, Type(Kind::Str));
    pending_.clear();
    push(c, Own::Owned);
    drops({b});
    return true;
  }
  pending_.clear();
  if (releases(a)) pending_.push_back(a.v);
  if (releases(b) && root(a.v) != root(b.v)) pending_.push_back(b.v);
  c = helper(Helper::str_concat, {a.v, b.v}, Type(Kind::Str));
  pending_.clear();
  push(c, Own::Owned);
  drops({a, b});
  return true;
}

// ---------------------------------------------------------------- comparison

ValueId Builder::compareNumbers(uint32_t kind, Ref& a, Ref& b, Kind k) {
  if (k == Kind::Int) {
    ValueId x = i64(a), y = i64(b);
    return emit(Op::CmpI, {x, y}, 0, (uint32_t)kConds[kind]);
  }
  // An int operand is compared exactly: as a double only where it converts exactly.
  bool ia = canI64(a) && !canF64(a), ib = canI64(b) && !canF64(b);
  if (ia || ib) {
    Ref& n = ia ? a : b;
    const ObjectInfo* c = constant(n.v);
    bool exact = c && c->fitsInt && std::llabs(c->intValue) <= kExactDouble;
    if (!exact) {
      ValueId raw = i64(n);
      if (!mayGuess(Reason::math_domain)) return ValueId();
      guardCmp(Cond::ULe, emit(Op::AddWrap, {raw, constI64(kExactDouble)}), constI64(2 * kExactDouble), Reason::math_domain);
    }
  }
  ValueId x = f64(a), y = f64(b);
  return emit(Op::CmpF, {x, y}, 0, (uint32_t)kConds[kind]);
}

// A comparison that answers 0 or 1.
bool Builder::pushTested(ValueId call) {
  push(nonZero(call), Own::Constant);
  leaveIfChanged();
  return true;
}

// Of a tuple with the items of another.
bool Builder::compareItems(uint32_t kind, bool asBool) {
  std::vector<Ref> refs(items_ + 1);
  for (uint32_t i = items_ + 1; i-- > 0;) refs[i] = pop();
  items_ = 0;
  std::vector<ValueId> args{take(refs[0]), constI64(kind)};
  for (size_t i = 1; i < refs.size(); i++) args.push_back(take(refs[i]));
  return asBool ? pushTested(helper(Helper::compare_items_bool, args, Type(), 2))
                : pushResult(helper(Helper::compare_items, args, Type::object(), 2));
}

bool Builder::compareOp() {
  uint32_t kind = (uint32_t)in_->arg >> 5;
  bool asBool = in_->arg & 16;
  if (items_) return compareItems(kind, asBool);
  Ref& b = top(0);
  Ref& a = top(1);
  Kind k = operandKind(a, b, true);
  ValueId r;
  if (k == Kind::Int) {
    if (guessKind(a, Kind::Int, Reason::not_int) && guessKind(b, Kind::Int, Reason::not_int) && canI64(a) && canI64(b) &&
        mayGuess(Reason::int_overflow))
      r = compareNumbers(kind, a, b, k);
  } else if (k == Kind::Float) {
    auto number = [&](Ref& x) { return canI64(x) || guessKind(x, Kind::Float, Reason::not_float); };
    if (number(a) && number(b)) r = compareNumbers(kind, a, b, k);
  } else if (k == Kind::Str) {
    if (guessKind(a, Kind::Str, Reason::not_kind) && guessKind(b, Kind::Str, Reason::not_kind)) {
      bool eq = kind == 2 || kind == 3;
      ValueId c = eq ? helper(Helper::str_equal, {a.v, b.v}, Type())
                     : helper(Helper::str_compare, {a.v, b.v, constI64(kind)}, Type());
      r = emit(Op::CmpI, {c, constI64(0)}, 0, (uint32_t)(kind == 3 ? Cond::Eq : Cond::Ne));
    }
  }
  if (r) {
    replaceTwo(r, Own::Constant);
    return true;
  }
  Ref rb = pop(), ra = pop();
  ValueId vb = take(rb), va = take(ra);
  std::vector<ValueId> args{va, vb, constI64(kind), constI64((int64_t)in_->fb.profileSlot)};
  return asBool ? pushTested(helper(Helper::compare_bool, args, Type())) : pushResult(helper(Helper::compare, args, Type::object()));
}

// ---------------------------------------------------------------- unary, truth

bool Builder::unary() {
  Ref& r = top();
  if (in_->op == Inst::UnaryNot) {
    ValueId v = f[r.v].rep == Rep::Bool ? emit(Op::NotB, {r.v}) : emit(Op::NotB, {emit(Op::IsObj, {r.v}, (int64_t)L_.True)});
    pop();
    push(v, Own::Constant);
    return true;
  }
  ValueId v;
  if (in_->op == Inst::UnaryNegative && f[r.v].rep == Rep::F64) v = emit(Op::NegF, {r.v});
  else if (in_->op == Inst::UnaryNegative && known(r.v, Kind::Float)) v = emit(Op::NegF, {f64(r)});
  else if (canI64(r) && in_->op == Inst::UnaryInvert) v = emit(Op::NotI, {i64(r)});
  else if (canI64(r) && mayGuess(Reason::int_overflow)) {
    v = emit(Op::NegI, {i64(r)});
    f[v].state = exitState(Reason::int_overflow);
  }
  Ref old = pop();
  if (v) {
    push(v, Own::Constant);
    drops({old});
    return true;
  }
  Helper h = in_->op == Inst::UnaryNegative ? Helper::unary_negative : Helper::unary_invert;
  return pushResult(helper(h, {take(old)}, Type::object()));
}

ValueId Builder::nonZero(ValueId number) {
  bool real = f[number].rep == Rep::F64;
  return emit(real ? Op::CmpF : Op::CmpI, {number, real ? constF64(0.0) : constI64(0)}, 0, (uint32_t)Cond::Ne);
}

// Truth of the value on the stack, without a call-out; none if that cannot be had.
ValueId Builder::truth(Ref r, bool& ok) {
  ok = true;
  if (f[r.v].rep == Rep::Bool) return r.v;
  if (f[r.v].rep != Rep::Obj) return nonZero(r.v);
  Type t = type(r.v);
  auto sized = [&](int32_t offset) { return nonZero(load(Op::LoadI64, r.v, offset)); };
  if (t.is(Kind::Bool)) return emit(Op::UnboxBool, {r.v});
  if (t.is(Kind::None)) return constBool(false);
  if (t.is(Kind::Int) && canI64(r)) return nonZero(i64(r));
  if (t.is(Kind::Float)) return nonZero(f64(r));
  if (t.is(Kind::Str)) return sized(L_.unicode_length);
  if (t.is(Kind::List) || t.is(Kind::Tuple) || t.is(Kind::Bytes)) return sized(L_.ob_size);
  if (t.is(Kind::Dict)) return sized(L_.dict_used);
  ok = false;
  return ValueId();
}

bool Builder::toBool() {
  Ref& r = top();
  const Feedback& fb = in_->fb;
  switch (fb.spec) {
    case Spec::Bool: guessKind(r, Kind::Bool, Reason::not_kind); break;
    case Spec::Int: guessKind(r, Kind::Int, Reason::not_int); break;
    case Spec::List: guessKind(r, Kind::List, Reason::not_kind); break;
    case Spec::Str: guessKind(r, Kind::Str, Reason::not_kind); break;
    default: break;
  }
  bool ok;
  ValueId v = truth(r, ok);
  if (!ok && fb.spec == Spec::AlwaysTrue && f[r.v].rep == Rep::Obj && mayGuess(Reason::not_version)) {
    guardVersion(r, fb.typeVersion);
    v = constBool(true);
    ok = true;
  }
  if (!ok && f[r.v].rep == Rep::Obj && mayGuess(Reason::own_truth)) {
    ValueId c = helper(Helper::quick_truth, {r.v}, Type());
    guardCmp(Cond::Ne, c, constI64(2), Reason::own_truth);
    v = emit(Op::CmpI, {c, constI64(0)}, 0, (uint32_t)Cond::Ne);
    ok = true;
  }
  Ref old = pop();
  if (ok) {
    push(v, Own::Constant);
    drops({old});
    return true;
  }
  ValueId c = helper(Helper::is_true, {take(old)}, Type());
  push(nonZero(c), Own::Constant);
  leaveIfChanged();
  return true;
}

}  // namespace od

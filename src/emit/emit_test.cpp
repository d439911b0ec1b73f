// Comparisons, branches and guards. A comparison fused into its consumer leaves flags; otherwise it makes a Bool.
//
// Doubles: after ucomisd an unordered result sets CF, ZF and PF. "Above" conditions are therefore false with NaN, so < and
// <= compare the other way round; equality must ask for the parity flag as well.
#include "emit/emitter.h"

namespace od {

using namespace asmjit;

namespace {

x86::CondCode condCode(Cond c) {
  switch (c) {
    case Cond::Lt: return x86::CondCode::kSignedLT;
    case Cond::Le: return x86::CondCode::kSignedLE;
    case Cond::Eq: return x86::CondCode::kEqual;
    case Cond::Ne: return x86::CondCode::kNotEqual;
    case Cond::Gt: return x86::CondCode::kSignedGT;
    case Cond::Ge: return x86::CondCode::kSignedGE;
    case Cond::ULt: return x86::CondCode::kUnsignedLT;
    case Cond::ULe: return x86::CondCode::kUnsignedLE;
    case Cond::UGt: return x86::CondCode::kUnsignedGT;
    case Cond::UGe: return x86::CondCode::kUnsignedGE;
  }
  return x86::CondCode::kEqual;
}

Cond unsignedOf(Cond c) {
  switch (c) {
    case Cond::Lt: return Cond::ULt;
    case Cond::Le: return Cond::ULe;
    case Cond::Gt: return Cond::UGt;
    case Cond::Ge: return Cond::UGe;
    default: return c;
  }
}

Cond swapped(Cond c) {
  switch (c) {
    case Cond::Lt: return Cond::Gt;
    case Cond::Le: return Cond::Ge;
    case Cond::Gt: return Cond::Lt;
    case Cond::Ge: return Cond::Le;
    case Cond::ULt: return Cond::UGt;
    case Cond::ULe: return Cond::UGe;
    case Cond::UGt: return Cond::ULt;
    case Cond::UGe: return Cond::ULe;
    default: return c;
  }
}

}  // namespace

// A fused load: unsigned narrow ones hold the same order as unsigned numbers of their own width.
Emitter::Flags Emitter::compareMemory(ValueId v, Cond c) {
  const ValueId compare = a.test[v.raw].valid() ? a.test[v.raw] : v;
  const Value& load = f[a.inner[v.raw]];
  const int64_t imm = f[a.root[f.arg(compare, 1).raw]].imm;
  Mem mem = address(v, load.imm);
  if (load.op == Op::LoadI64) {
    if (fitsInt32(imm)) {
      as.cmp(mem, Imm(imm));
    } else {
      code_.load(x86::r11, imm);
      as.cmp(mem, x86::r11);
    }
    return {Test::Simple, condCode(c), false};
  }
  mem.setSize(load.op == Op::LoadU8 ? 1 : 4);
  if (load.op == Op::LoadU8) as.cmp(mem, Imm(uint8_t(imm)));
  else as.cmp(mem, Imm(int32_t(imm)));
  return {Test::Simple, condCode(load.op == Op::LoadI32 ? c : unsignedOf(c)), false};
}

Emitter::Flags Emitter::testBits(ValueId v, Cond c) {
  const IntOperand x = intOperand(v, 0), y = intOperand(v, 1);
  if (y.isReg()) {
    as.test(gp(x.reg), gp(y.reg));
  } else if (y.imm >= 0 && y.imm <= INT32_MAX) {
    as.test(c == Cond::Eq || c == Cond::Ne ? gp(x.reg).r32() : gp(x.reg), Imm(y.imm));
  } else {
    code_.load(x86::r11, y.imm);
    as.test(gp(x.reg), x86::r11);
  }
  return {Test::Simple, condCode(c), false};   // as after a comparison with 0: no carry, no overflow
}

Emitter::Flags Emitter::compareInt(ValueId v, Cond c) {
  if (const ValueId inner = a.inner[v.raw]; inner.valid()) return f[inner].op == Op::AndI ? testBits(v, c) : compareMemory(v, c);
  IntOperand x = intOperand(v, 0), y = intOperand(v, 1);
  if (!x.isReg()) {
    std::swap(x, y);
    c = swapped(c);
  }
  if (y.isReg()) {
    as.cmp(gp(x.reg), gp(y.reg));
  } else if (y.imm == 0) {
    as.test(gp(x.reg), gp(x.reg));
  } else if (fitsInt32(y.imm)) {
    as.cmp(gp(x.reg), Imm(y.imm));
  } else {
    code_.load(x86::r11, y.imm);
    as.cmp(gp(x.reg), x86::r11);
  }
  return {Test::Simple, condCode(c), false};
}

Emitter::Flags Emitter::compareFloat(ValueId v, Cond c) {
  FloatOperand x = floatOperand(v, 0), y = floatOperand(v, 1);
  if (c == Cond::Lt || c == Cond::Le || ((c == Cond::Eq || c == Cond::Ne) && !x.isReg())) {
    std::swap(x, y);
    c = swapped(c);
  }
  Xmm left = x86::xmm15;
  if (x.isReg()) left = xmm(x.reg);
  else as.movsd(left, code_.pool(uint64_t(x.bits)));
  if (y.isReg()) as.ucomisd(left, xmm(y.reg));
  else as.ucomisd(left, code_.pool(uint64_t(y.bits)));
  if (c == Cond::Eq || c == Cond::Ne) return {Test::FloatEq, x86::CondCode::kEqual, c == Cond::Ne};
  return {Test::Simple, c == Cond::Gt ? x86::CondCode::kUnsignedGT : x86::CondCode::kUnsignedGE, false};
}

void Emitter::compareAddress(Gp reg, const void* address) {
  if (!address) {
    as.test(reg, reg);
    return;
  }
  code_.load(x86::r11, int64_t(address));
  as.cmp(reg, x86::r11);
}

Emitter::Flags Emitter::testOp(ValueId v, ValueId test) {
  const Value& t = f[test];
  switch (t.op) {
    case Op::CmpI: case Op::GuardCmp: return compareInt(v, Cond(t.aux));
    case Op::CmpF: return compareFloat(v, Cond(t.aux));
    case Op::IsSame:
      if (inReg(v, 1)) as.cmp(operandGp(v, 0), operandGp(v, 1));
      else compareAddress(operandGp(v, 0), reinterpret_cast<const void*>(operandValue(v, 1).imm));
      break;
    case Op::IsObj: compareAddress(operandGp(v, 0), reinterpret_cast<const void*>(t.imm)); break;
    case Op::UnboxBool: compareAddress(operandGp(v, 0), L.True); break;
    case Op::IsKind:
      code_.load(x86::r11, int64_t(L.kindType[unsigned(t.imm)]));
      as.cmp(x86::qword_ptr(operandGp(v, 0), L.ob_type), x86::r11);
      break;
    default: fail("not a comparison: " + printValue(f, test));
  }
  return {};
}

Emitter::Flags Emitter::testUnique(ValueId v, ValueId test, Label otherwise) {
  const Gp obj = operandGp(v, 0);
  const Type type = f[f.arg(test, 0)].type;
  if (type.mask == 0 || type.mayBeNull()) {
    as.test(obj, obj);
    as.jz(otherwise);
  }
  if (!type.is(Kind(f[test].imm))) {
    code_.load(x86::r11, int64_t(L.kindType[unsigned(f[test].imm)]));
    as.cmp(x86::qword_ptr(obj, L.ob_type), x86::r11);
    as.jne(otherwise);
  }
  as.cmp(x86::qword_ptr(obj, L.ob_refcnt), 1);
  return {};
}

Emitter::Flags Emitter::condition(ValueId v, Label otherwise) {
  Flags flags;
  if (a.test[v.raw].valid() && f[a.test[v.raw]].op == Op::IsUnique) {
    flags = testUnique(v, a.test[v.raw], otherwise);
  } else if (a.test[v.raw].valid()) {
    flags = testOp(v, a.test[v.raw]);
  } else {
    as.test(operandGp(v, 0).r32(), operandGp(v, 0).r32());
    flags.cc = x86::CondCode::kNotZero;
  }
  flags.inverted ^= a.inverted[v.raw];
  return flags;
}

void Emitter::jumpIf(const Flags& flags, bool sense, Label target) {
  sense ^= flags.inverted;
  if (flags.kind == Test::Simple) {
    as.j(sense ? flags.cc : x86::negateCond(flags.cc), target);
  } else if (sense) {
    Label unordered = as.newLabel();
    as.jp(unordered);
    as.je(target);
    as.bind(unordered);
  } else {
    as.jp(target);
    as.jne(target);
  }
}

void Emitter::setBool(ValueId v, const Flags& flags) {
  const Gp dst = result(v);
  const Gp low = x86::r11b;
  if (flags.kind == Test::Simple) {
    as.set(flags.inverted ? x86::negateCond(flags.cc) : flags.cc, low);
  } else if (!flags.inverted) {
    as.setnp(low);
    as.sete(dst.r8());
    as.and_(low, dst.r8());
  } else {
    as.setp(low);
    as.setne(dst.r8());
    as.or_(low, dst.r8());
  }
  as.movzx(dst.r32(), low);
}

void Emitter::guardBool(ValueId v) {
  Label good = as.newLabel();
  compareAddress(operandGp(v, 0), L.True);
  as.je(good);
  compareAddress(operandGp(v, 0), L.False);
  as.jne(exitOf(v));
  as.bind(good);
}

void Emitter::guard(ValueId v) {
  const Value& g = f[v];
  switch (g.op) {
    case Op::GuardKind:
      if (!L.kindType[unsigned(g.imm)]) return fail("guard for a kind without a type: " + printValue(f, v));
      code_.load(x86::r11, int64_t(L.kindType[unsigned(g.imm)]));
      as.cmp(x86::qword_ptr(operandGp(v, 0), L.ob_type), x86::r11);
      as.jne(exitOf(v));
      break;
    case Op::GuardVersion:
      as.mov(x86::r11, x86::qword_ptr(operandGp(v, 0), L.ob_type));
      as.cmp(x86::dword_ptr(x86::r11, L.tp_version_tag), Imm(int32_t(uint32_t(g.imm))));
      as.jne(exitOf(v));
      break;
    case Op::GuardIs:
      compareAddress(operandGp(v, 0), reinterpret_cast<const void*>(g.imm));
      as.jne(exitOf(v));
      break;
    case Op::GuardNotNull: case Op::GuardNull:
      as.test(operandGp(v, 0), operandGp(v, 0));
      if (g.op == Op::GuardNull) as.jnz(exitOf(v));
      else as.jz(exitOf(v));
      break;
    case Op::GuardTrue: case Op::GuardFalse: {
      const bool wanted = g.op == Op::GuardTrue;
      Label good = as.newLabel();
      const Label exit = exitOf(v);
      const Flags flags = condition(v, bool(a.inverted[v.raw]) == wanted ? good : exit);
      jumpIf(flags, !wanted, exit);
      as.bind(good);
      break;
    }
    default: {
      const Flags flags = compareInt(v, Cond(g.aux));
      jumpIf(flags, false, exitOf(v));
    }
  }
}

bool Emitter::opTest(ValueId v) {
  switch (f[v].op) {
    case Op::CmpI: case Op::CmpF: case Op::IsSame: case Op::IsObj: case Op::IsKind: case Op::UnboxBool:
      setBool(v, testOp(v, v));
      return true;
    case Op::NotB:
      moveInto(result(v), intOperand(v, 0));
      as.xor_(result(v).r32(), 1);
      return true;
    case Op::GuardKind: case Op::GuardVersion: case Op::GuardIs: case Op::GuardNotNull: case Op::GuardNull:
    case Op::GuardTrue: case Op::GuardFalse: case Op::GuardCmp:
      guard(v);
      return true;
    case Op::GuardBool: guardBool(v); return true;
    default: return false;
  }
}

}  // namespace od

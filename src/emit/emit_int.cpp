// Integer arithmetic with Python's rules.
//
// Checked sums work in the left operand's register even when the frame state still shows that operand (it does when the
// instruction must be executed again): the exit subtracts again before it leaves. That spares a copy on the hot path.
#include <bit>

#include "emit/emitter.h"

namespace od {

using namespace asmjit;

Emitter::IntOperand Emitter::intOperand(ValueId v, uint32_t k) const {
  if (inReg(v, k)) return {operandReg(v, k), 0};
  return {kNoReg, operandValue(v, k).imm};
}

void Emitter::moveInto(Gp dst, const IntOperand& x) {
  if (!x.isReg()) code_.load(dst, x.imm);
  else if (gp(x.reg) != dst) as.mov(dst, gp(x.reg));
}

void Emitter::applyBinary(Op op, Gp dst, const IntOperand& b) {
  Gp src = x86::r11;
  if (b.isReg()) src = gp(b.reg);
  else if (fitsInt32(b.imm)) {
    const Imm imm(b.imm);
    switch (op) {
      case Op::AddI: case Op::AddWrap: as.add(dst, imm); return;
      case Op::SubI: case Op::SubWrap: as.sub(dst, imm); return;
      case Op::AndI: as.and_(dst, imm); return;
      case Op::OrI: as.or_(dst, imm); return;
      default: as.xor_(dst, imm); return;
    }
  } else {
    code_.load(src, b.imm);
  }
  switch (op) {
    case Op::AddI: case Op::AddWrap: as.add(dst, src); return;
    case Op::SubI: case Op::SubWrap: as.sub(dst, src); return;
    case Op::AndI: as.and_(dst, src); return;
    case Op::OrI: as.or_(dst, src); return;
    default: as.xor_(dst, src); return;
  }
}

void Emitter::binaryInt(ValueId v) {
  const Op op = f[v].op;
  const Gp dst = result(v);
  IntOperand x = intOperand(v, 0), y = intOperand(v, 1);
  const bool inY = y.isReg() && gp(y.reg) == dst && !(x.isReg() && x.reg == y.reg);
  if (op != Op::SubI && op != Op::SubWrap && (inY || (!x.isReg() && y.isReg()))) std::swap(x, y);
  const bool inPlace = x.isReg() && gp(x.reg) == dst;
  moveInto(dst, x);
  applyBinary(op, dst, y);
  if (op != Op::AddI && op != Op::SubI) return;
  Label exit = exitOf(v);
  if (inPlace) {
    undos_.push_back({v, as.newLabel(), exit, y});
    exit = undos_.back().entry;
  }
  as.jo(exit);
}

void Emitter::undos() {
  for (const Undo& u : undos_) {
    notePc(u.v);
    as.bind(u.entry);
    const Gp dst = result(u.v);
    if (f[u.v].op == Op::NegI) as.neg(dst);
    else applyBinary(f[u.v].op == Op::AddI ? Op::SubI : Op::AddI, dst, u.b);
    as.jmp(u.target);
  }
}

void Emitter::negate(ValueId v) {
  const bool inPlace = operandReg(v, 0) == ra.plan[v.raw].result;
  moveInto(result(v), intOperand(v, 0));
  as.neg(result(v));
  Label exit = exitOf(v);
  if (inPlace) {
    undos_.push_back({v, as.newLabel(), exit, {}});
    exit = undos_.back().entry;
  }
  as.jo(exit);
}

void Emitter::multiply(ValueId v) {
  const Gp dst = result(v);
  IntOperand x = intOperand(v, 0), y = intOperand(v, 1);
  if (!x.isReg() || (y.isReg() && gp(y.reg) == dst)) std::swap(x, y);
  if (x.isReg() && !y.isReg() && fitsInt32(y.imm)) {
    as.imul(dst, gp(x.reg), Imm(y.imm));
  } else {
    Gp src = y.isReg() ? gp(y.reg) : Gp(x86::r11);
    if (!y.isReg()) code_.load(src, y.imm);
    moveInto(dst, x);
    as.imul(dst, src);
  }
  as.jo(exitOf(v));
}

void Emitter::shiftLeft(ValueId v) {
  const Gp dst = result(v), x = operandGp(v, 0);
  if (!inReg(v, 1)) {
    const int64_t n = operandValue(v, 1).imm;
    if (n < 0 || n > 63) {
      if (f[v].state.valid()) as.jmp(exitOf(v));
      return;
    }
    as.mov(dst, x);
    as.shl(dst, Imm(n));
    if (!f[v].state.valid()) return;
    as.mov(x86::r11, dst);
    as.sar(x86::r11, Imm(n));
    as.cmp(x86::r11, x);
    as.jne(exitOf(v));
    return;
  }
  const Gp count = operandGp(v, 1), back = gp(ra.plan[v.raw].temp);
  if (f[v].state.valid()) {
    as.cmp(count, 63);
    as.ja(exitOf(v));
  }
  as.mov(dst, x);
  as.mov(x86::r11, x86::rcx);   // the shift wants its count in cl
  if (count != x86::rcx) as.mov(x86::rcx, count);
  as.shl(dst, x86::cl);
  as.mov(back, dst);
  as.sar(back, x86::cl);
  as.mov(x86::rcx, x86::r11);
  if (!f[v].state.valid()) return;
  as.cmp(back, x);
  as.jne(exitOf(v));
}

void Emitter::shiftRight(ValueId v) {
  const Gp dst = result(v), x = operandGp(v, 0);
  if (!inReg(v, 1)) {
    const int64_t n = operandValue(v, 1).imm;
    if (n < 0 && f[v].state.valid()) as.jmp(exitOf(v));
    moveInto(dst, intOperand(v, 0));
    if (n) as.sar(dst, Imm(n < 0 || n > 63 ? 63 : n));
    return;
  }
  const Gp count = operandGp(v, 1);
  if (f[v].state.valid()) {
    as.test(count, count);
    as.js(exitOf(v));
  }
  Label small = as.newLabel();
  if (dst != x) as.mov(dst, x);
  as.mov(x86::r11, x86::rcx);
  if (count != x86::rcx) as.mov(x86::rcx, count);
  as.cmp(x86::rcx, 63);
  as.jbe(small);
  as.mov(x86::ecx, 63);
  as.bind(small);
  as.sar(dst, x86::cl);
  as.mov(x86::rcx, x86::r11);
}

bool Emitter::divideByPower(ValueId v, int64_t divisor) {
  if (divisor <= 0 || !std::has_single_bit(uint64_t(divisor))) return false;
  moveInto(result(v), intOperand(v, 0));
  if (f[v].op == Op::ModI) applyBinary(Op::AndI, result(v), {kNoReg, divisor - 1});
  else if (divisor > 1) as.sar(result(v), Imm(std::countr_zero(uint64_t(divisor))));
  return true;
}

// idiv truncates; Python rounds to minus infinity, and the remainder takes the divisor's sign.
void Emitter::divide(ValueId v) {
  const bool mod = f[v].op == Op::ModI;
  const IntOperand x = intOperand(v, 0), y = intOperand(v, 1);
  const Gp dst = result(v);
  const bool exits = f[v].state.valid();
  if (!y.isReg() && y.imm == 0) {
    if (exits) as.jmp(exitOf(v));
    return;
  }
  if (!y.isReg() && divideByPower(v, y.imm)) return;
  Label end = as.newLabel();
  if (y.isReg() && exits) {
    as.test(gp(y.reg), gp(y.reg));
    as.jz(exitOf(v));
  }
  if (y.isReg() || y.imm == -1) {   // the one quotient that overflows would trap
    Label plain = as.newLabel();
    if (y.isReg()) {
      as.cmp(gp(y.reg), -1);
      as.jne(plain);
    }
    moveInto(x86::r11, x);
    if (!mod) {
      as.neg(x86::r11);
      if (exits) as.jo(exitOf(v));
      as.mov(dst, x86::r11);
    } else {
      as.mov(dst, 0);
    }
    if (!y.isReg()) return;
    as.jmp(end);
    as.bind(plain);
  }
  moveInto(x86::r11, y);
  const bool saveA = dst != x86::rax, saveD = dst != x86::rdx;
  if (saveA) as.push(x86::rax);
  if (saveD) as.push(x86::rdx);
  moveInto(x86::rax, x);
  Label exact = as.newLabel();
  as.cqo(x86::rdx, x86::rax);
  as.idiv(x86::rdx, x86::rax, x86::r11);
  as.test(x86::rdx, x86::rdx);
  as.jz(exact);
  if (mod) {
    as.mov(x86::rax, x86::rdx);
    as.xor_(x86::rax, x86::r11);
    as.jns(exact);
    as.add(x86::rdx, x86::r11);
  } else {
    as.xor_(x86::rdx, x86::r11);
    as.jns(exact);
    as.dec(x86::rax);
  }
  as.bind(exact);
  const Gp from = mod ? x86::rdx : x86::rax;
  if (dst != from) as.mov(dst, from);
  if (saveD) as.pop(x86::rdx);
  if (saveA) as.pop(x86::rax);
  as.bind(end);
}

bool Emitter::opInt(ValueId v) {
  switch (f[v].op) {
    case Op::AddI: case Op::SubI: case Op::AddWrap: case Op::SubWrap: case Op::AndI: case Op::OrI: case Op::XorI:
      binaryInt(v);
      return true;
    case Op::MulI: multiply(v); return true;
    case Op::NegI: negate(v); return true;
    case Op::NotI:
      moveInto(result(v), intOperand(v, 0));
      as.not_(result(v));
      return true;
    case Op::BoolToInt:
      moveInto(result(v), intOperand(v, 0));
      return true;
    case Op::ShlI: shiftLeft(v); return true;
    case Op::ShrI: shiftRight(v); return true;
    case Op::FloorDivI: case Op::ModI: divide(v); return true;
    default: return false;
  }
}

}  // namespace od

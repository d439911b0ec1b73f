// Float arithmetic: SSE2, constants from the pool behind the code.
#include "emit/emitter.h"

namespace od {

using namespace asmjit;

Emitter::FloatOperand Emitter::floatOperand(ValueId v, uint32_t k) const {
  if (inReg(v, k)) return {operandReg(v, k), 0};
  return {kNoReg, operandValue(v, k).imm};
}

// Python raises ZeroDivisionError for 0.0 and -0.0: both are zero but for the sign bit.
void Emitter::checkDivisor(ValueId v) {
  if (!f[v].state.valid()) return;
  const FloatOperand y = floatOperand(v, 1);
  if (!y.isReg()) {
    if ((uint64_t(y.bits) << 1) == 0) as.jmp(exitOf(v));
    return;
  }
  as.movq(x86::r11, xmm(y.reg));
  as.add(x86::r11, x86::r11);
  as.jz(exitOf(v));
}

void Emitter::binaryFloat(ValueId v) {
  const Op op = f[v].op;
  FloatOperand x = floatOperand(v, 0), y = floatOperand(v, 1);
  if (op == Op::DivF) checkDivisor(v);
  const Xmm dst = resultXmm(v);
  const bool inY = y.isReg() && xmm(y.reg) == dst && !(x.isReg() && x.reg == y.reg);
  if ((op == Op::AddF || op == Op::MulF) && (inY || (!x.isReg() && y.isReg()))) std::swap(x, y);
  if (!x.isReg()) {
    if (x.bits == 0) as.xorps(dst, dst);
    else as.movsd(dst, code_.pool(uint64_t(x.bits)));
  } else if (xmm(x.reg) != dst) {
    as.movaps(dst, xmm(x.reg));
  }
  auto apply = [&](const auto& src) {
    if (op == Op::AddF) as.addsd(dst, src);
    else if (op == Op::SubF) as.subsd(dst, src);
    else if (op == Op::MulF) as.mulsd(dst, src);
    else as.divsd(dst, src);
  };
  if (y.isReg()) apply(xmm(y.reg));
  else apply(code_.pool(uint64_t(y.bits)));
}

void Emitter::flipSign(ValueId v, bool clear) {
  const Xmm dst = resultXmm(v), src = xmm(operandReg(v, 0));
  code_.load(x86::r11, clear ? INT64_MAX : INT64_MIN);
  as.movq(x86::xmm15, x86::r11);
  if (dst != src) as.movaps(dst, src);
  if (clear) as.andps(dst, x86::xmm15);
  else as.xorps(dst, x86::xmm15);
}

bool Emitter::opFloat(ValueId v) {
  switch (f[v].op) {
    case Op::AddF: case Op::SubF: case Op::MulF: case Op::DivF: binaryFloat(v); return true;
    case Op::NegF: flipSign(v, false); return true;
    case Op::AbsF: flipSign(v, true); return true;
    case Op::SqrtF: as.sqrtsd(resultXmm(v), xmm(operandReg(v, 0))); return true;
    case Op::IntToFloat:
      as.xorps(resultXmm(v), resultXmm(v));   // the conversion keeps the upper half: no false dependency
      as.cvtsi2sd(resultXmm(v), operandGp(v, 0));
      return true;
    default: return false;
  }
}

}  // namespace od

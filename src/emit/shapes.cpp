#include "emit/shapes.h"

namespace od {
namespace {

bool fitsScaled(const Analysis& a, ValueId v, uint32_t k, int64_t scale) {
  const Value& c = a.f[a.arg(v, k)];
  return c.op == Op::ConstI64 && c.imm > -(1 << 24) && c.imm < (1 << 24) && fitsInt32(c.imm * scale + a.f[v].imm);
}

}  // namespace

Shape shapeOf(const Analysis& a, ValueId v) {
  Shape s;
  const bool varCount = a.uses[v.raw].count == 2 && !a.isConst(a.arg(v, 1));
  switch (a.f[v].op) {
    case Op::Call: case Op::CallArray: case Op::CallUnit: case Op::Return: case Op::Yield:
      s.anywhere = true;
      break;
    case Op::AddI:
      s.twoAddress = s.commutative = s.late = s.undo = true;
      break;
    case Op::SubI:
      s.twoAddress = s.late = s.undo = true;
      break;
    case Op::NegI:
      s.twoAddress = s.late = s.undo = true;
      break;
    case Op::MulI:
      s.twoAddress = s.commutative = s.late = true;
      break;
    case Op::AddWrap: case Op::AndI: case Op::OrI: case Op::XorI: case Op::AddF: case Op::MulF:
      s.twoAddress = s.commutative = true;
      break;
    case Op::SubWrap: case Op::SubF: case Op::DivF: case Op::NegF: case Op::AbsF: case Op::NotI: case Op::NotB:
    case Op::BoolToInt:
      s.twoAddress = true;
      break;
    case Op::ShlI:
      s.late = s.freshResult = true;
      s.notRcx = varCount;
      s.temps = varCount;
      break;
    case Op::ShrI:
      s.twoAddress = true;
      s.notRcx = varCount;
      break;
    case Op::BoxInt: case Op::BoxFloat: case Op::BoxIntOrNull: case Op::BoxFloatOrNull:
      s.stub = s.freshResult = true;
      s.temps = 1;
      break;
    case Op::IsUnique: case Op::PolyLookup:
      s.freshResult = true;
      break;
    case Op::LoadField: case Op::UnboxInt: case Op::Release: case Op::CheckWorld: case Op::LeaveIfChanged: case Op::Unlink:
      s.stub = true;
      break;
    default:
      break;
  }
  return s;
}

bool constStays(const Analysis& a, ValueId v, uint32_t k) {
  const Op constOp = a.f[a.arg(v, k)].op;
  if (const ValueId inner = a.inner[v.raw]; inner.valid())   // the base of an address, or bits to be tested
    return a.f[inner].op != Op::AndI || (k == 1 && constOp == Op::ConstI64);
  const Op op = a.test[v.raw].valid() ? a.f[a.test[v.raw]].op : a.f[v].op;
  switch (op) {
    case Op::Call: case Op::CallArray: case Op::CallUnit: case Op::Return: case Op::Yield: case Op::StoreSlot:
      return true;
    case Op::LoadObj: case Op::LoadI64: case Op::LoadI32: case Op::LoadU32: case Op::LoadU8: case Op::LoadF64:
      return true;
    case Op::LoadObjAt: return k == 0 || fitsScaled(a, v, 1, 8);
    case Op::StoreObj: case Op::StoreI64: case Op::StoreI32: case Op::StoreU8: case Op::StoreF64:
      return k == 1 || constOp == Op::AuxAddr;
    case Op::StoreObjAt: return k == 2 || (k == 0 ? constOp == Op::AuxAddr : fitsScaled(a, v, 1, 8));
    case Op::AddI: case Op::SubI: case Op::MulI: case Op::AddWrap: case Op::SubWrap: case Op::AndI: case Op::OrI: case Op::XorI:
    case Op::FloorDivI: case Op::ModI: case Op::AddF: case Op::SubF: case Op::MulF: case Op::DivF: case Op::CmpF:
      return constOp != Op::AuxAddr;
    case Op::ShlI: case Op::ShrI: return k == 1;
    case Op::CmpI: case Op::GuardCmp:
      if (constOp == Op::AuxAddr) return false;
      return k == 1 || (fitsInt32(a.f[a.arg(v, 0)].imm) && !a.isConst(a.arg(v, 1)));
    case Op::IsSame: return k == 1;
    default: return false;
  }
}

}  // namespace od

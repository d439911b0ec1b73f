// Memory, reference counts, boxing and unboxing, written against CPython's object layouts (Layout).
#include <bit>

#include "emit/emitter.h"

namespace od {

using namespace asmjit;

namespace {
// Types whose every instance is immortal: reference counting does nothing.
bool allImmortal(Type t) { return t.within(Type(Kind::None) | Type(Kind::Bool) | Type(Kind::Null)); }
bool mayBeNull(Type t) { return t.mask == 0 || t.mayBeNull(); }
}  // namespace

Emitter::Mem Emitter::address(ValueId v, int64_t offset) {
  if (!fitsInt32(offset)) fail("offset out of range: " + printValue(f, v));
  if (inReg(v, 0)) return x86::qword_ptr(operandGp(v, 0), int32_t(offset));
  const Value& base = operandValue(v, 0);
  if (base.op == Op::AuxAddr) return x86::qword_ptr(x86::r13, int32_t(8 * base.imm + offset));
  code_.load(x86::r11, base.imm);
  return x86::qword_ptr(x86::r11, int32_t(offset));
}

Emitter::Mem Emitter::addressIndexed(ValueId v, uint32_t shift) {
  Mem mem = address(v);
  if (inReg(v, 1)) mem.setIndex(operandGp(v, 1), shift);
  else mem.addOffset(operandValue(v, 1).imm << shift);
  return mem;
}

void Emitter::loadMemory(ValueId v) {
  switch (f[v].op) {
    case Op::LoadObj: case Op::LoadI64: as.mov(result(v), address(v)); break;
    case Op::LoadObjAt: as.mov(result(v), addressIndexed(v, 3)); break;
    case Op::LoadF64: as.movsd(resultXmm(v), address(v)); break;
    case Op::LoadI32: {
      Mem mem = address(v);
      mem.setSize(4);
      as.movsxd(result(v), mem);
      break;
    }
    case Op::LoadU32: {
      Mem mem = address(v);
      mem.setSize(4);
      as.mov(result(v).r32(), mem);
      break;
    }
    default: {
      Mem mem = address(v);
      mem.setSize(1);
      as.movzx(result(v).r32(), mem);
    }
  }
}

void Emitter::storeValue(ValueId v, uint32_t k, Mem mem) {
  const bool byte = f[v].op == Op::StoreU8, half = f[v].op == Op::StoreI32;
  if (byte) mem.setSize(1);
  if (half) mem.setSize(4);
  if (inReg(v, k)) {
    const uint8_t reg = operandReg(v, k);
    if (reg >= kXmm) as.movsd(mem, xmm(reg));
    else if (byte) as.mov(mem, gp(reg).r8());
    else if (half) as.mov(mem, gp(reg).r32());
    else as.mov(mem, gp(reg));
    return;
  }
  const Value& c = operandValue(v, k);
  if (c.op != Op::AuxAddr && (byte || half || fitsInt32(c.imm))) {
    as.mov(mem, byte ? Imm(uint8_t(c.imm)) : half ? Imm(int32_t(c.imm)) : Imm(c.imm));
    return;
  }
  materialise(r11n, a.arg(v, k));
  as.mov(mem, byte ? Gp(x86::r11b) : half ? Gp(x86::r11d) : Gp(x86::r11));
}

void Emitter::storeMemory(ValueId v) {
  if (f[v].op == Op::StoreObjAt) storeValue(v, 2, addressIndexed(v, 3));
  else storeValue(v, 1, address(v));
}

// Py_INCREF: the low half of the count, which does not wrap to zero; a count that would is immortal.
void Emitter::retain(ValueId v) {
  const Type type = operandType(v, 0);
  if (allImmortal(type)) return;
  const Gp obj = operandGp(v, 0);
  const Mem count = x86::dword_ptr(obj, L.ob_refcnt);
  Label skip = as.newLabel();
  if (mayBeNull(type)) {
    as.test(obj, obj);
    as.short_().jz(skip);
  }
  as.mov(x86::r11d, count);
  as.inc(x86::r11d);
  as.short_().jz(skip);
  as.mov(count, x86::r11d);
  as.bind(skip);
}

void Emitter::release(ValueId v) {
  const Type type = operandType(v, 0);
  if (allImmortal(type)) return;
  const Gp obj = operandGp(v, 0);
  Stub& stub = newStub(v);
  if (mayBeNull(type)) {
    as.test(obj, obj);
    as.short_().jz(stub.back);
  }
  as.mov(x86::r11d, x86::dword_ptr(obj, L.ob_refcnt));
  as.test(x86::r11d, x86::r11d);
  as.short_().js(stub.back);
  as.dec(x86::qword_ptr(obj, L.ob_refcnt));
  as.jz(stub.entry);
  as.bind(stub.back);
}

void Emitter::boxInt(ValueId v) {
  const Gp src = operandGp(v, 0), dst = result(v), index = gp(ra.plan[v.raw].temp);
  Stub& stub = newStub(v);
  if (f[v].op == Op::BoxIntOrNull) {
    Label bound = as.newLabel();
    code_.load(x86::r11, kUnboundInt);
    as.cmp(src, x86::r11);
    as.short_().jne(bound);
    as.xor_(dst.r32(), dst.r32());
    as.jmp(stub.back);
    as.bind(bound);
  }
  Label big = as.newLabel();
  as.lea(index, x86::ptr(src, 5));
  as.cmp(index, 5 + 257);
  as.short_().jae(big);
  const uint64_t size = uint64_t(L.smallIntSize);
  if (std::has_single_bit(size)) as.shl(index, std::countr_zero(size));
  else as.imul(index, index, Imm(size));
  code_.load(x86::r11, int64_t(L.smallInts));
  as.lea(dst, x86::ptr(x86::r11, index));
  as.jmp(stub.back);
  // One digit of 30 bits: a block from the free list.
  as.bind(big);
  as.lea(index, x86::ptr(src, (1 << 30) - 1));
  as.cmp(index, (1u << 31) - 2);
  as.ja(stub.entry);
  code_.load(x86::r11, int64_t(ctx.intFreeList));
  as.mov(index, x86::qword_ptr(x86::r11));
  as.test(index, index);
  as.jz(stub.entry);
  as.mov(dst, x86::qword_ptr(index));
  as.mov(x86::qword_ptr(x86::r11), dst);
  as.dec(x86::qword_ptr(x86::r11, int32_t(offsetof(IntFreeList, count))));
  as.mov(dst, src);                      // tag: one digit, sign 0 or 2
  as.sar(dst, 63);
  as.mov(x86::r11, dst);
  as.and_(dst.r32(), 2);
  as.or_(dst.r32(), 8);
  as.mov(x86::qword_ptr(index, L.long_tag), dst);
  as.mov(dst, src);                      // digit: the magnitude
  as.xor_(dst, x86::r11);
  as.sub(dst, x86::r11);
  as.mov(x86::dword_ptr(index, L.long_digit), dst.r32());
  as.mov(x86::qword_ptr(index, L.ob_refcnt), 1);   // the type is still there: only ints come to this list
  as.mov(dst, index);
  as.bind(stub.back);
}

// The number of floats on the free list; r11 holds the address of the list's head, which lies beside it in CPython.
Emitter::Mem Emitter::freeFloatCount() {
  const int64_t delta = int64_t(L.floatFreeCount) - int64_t(L.floatFreeList);
  if (!fitsInt32(delta)) fail("the float free list and its count lie far apart");
  return x86::dword_ptr(x86::r11, int32_t(delta));
}

// Takes a float off CPython's free list, which is linked through ob_type.
void Emitter::boxFloat(ValueId v) {
  const Gp dst = result(v), next = gp(ra.plan[v.raw].temp);
  const Xmm src = xmm(operandReg(v, 0));
  Stub& stub = newStub(v);
  if (f[v].op == Op::BoxFloatOrNull) {
    Label bound = as.newLabel();
    code_.load(x86::r11, kUnboundFloat);
    as.movq(next, src);
    as.cmp(next, x86::r11);
    as.short_().jne(bound);
    as.xor_(dst.r32(), dst.r32());
    as.jmp(stub.back);
    as.bind(bound);
  }
  code_.load(x86::r11, int64_t(L.floatFreeList));
  as.mov(dst, x86::qword_ptr(x86::r11));
  as.test(dst, dst);
  as.jz(stub.entry);
  as.mov(next, x86::qword_ptr(dst, L.ob_type));
  as.mov(x86::qword_ptr(x86::r11), next);
  as.dec(freeFloatCount());
  as.mov(x86::qword_ptr(dst, L.ob_refcnt), 1);
  code_.load(x86::r11, int64_t(L.kindType[unsigned(Kind::Float)]));
  as.mov(x86::qword_ptr(dst, L.ob_type), x86::r11);
  as.movsd(x86::qword_ptr(dst, L.float_value), src);
  as.bind(stub.back);
}

void Emitter::isUnique(ValueId v) {
  const Gp obj = operandGp(v, 0), dst = result(v);
  Label done = as.newLabel();
  as.xor_(dst.r32(), dst.r32());
  if (mayBeNull(operandType(v, 0))) {
    as.test(obj, obj);
    as.jz(done);
  }
  code_.load(x86::r11, int64_t(L.kindType[unsigned(f[v].imm)]));
  as.cmp(x86::qword_ptr(obj, L.ob_type), x86::r11);
  as.jne(done);
  as.cmp(x86::qword_ptr(obj, L.ob_refcnt), 1);
  as.jne(done);
  as.mov(dst.r32(), 1);
  as.bind(done);
}

void Emitter::polyLookup(ValueId v) {
  const Gp dst = result(v);
  Stub& stub = newStub(v);
  code_.load(dst, f[v].imm);
  as.cmp(x86::dword_ptr(dst, int32_t(offsetof(PolySite, entries) + offsetof(PolyEntry, version))), operandGp(v, 0).r32());
  as.jne(stub.entry);
  as.bind(stub.back);
}

// Fields inline, other places in the stub.
void Emitter::loadField(ValueId v) {
  const Gp owner = operandGp(v, 0), entry = operandGp(v, 1), dst = result(v);
  Stub& stub = newStub(v);
  as.movzx(x86::r11d, x86::byte_ptr(entry, int32_t(offsetof(PolyEntry, field.check))));
  as.cmp(x86::byte_ptr(owner, x86::r11), 0);
  as.je(stub.entry);
  as.mov(x86::r11d, x86::dword_ptr(entry, int32_t(offsetof(PolyEntry, at))));
  as.mov(dst, x86::qword_ptr(owner, x86::r11, 3));
  as.bind(stub.back);
}

void Emitter::boxBool(ValueId v) {
  const Gp src = operandGp(v, 0), dst = result(v);
  as.test(src.r32(), src.r32());
  code_.load(dst, int64_t(L.True));
  code_.load(x86::r11, int64_t(L.False));
  as.cmovz(dst, x86::r11);
}

// Compact ints have at most one digit, which is 0 for zero; bit 1 of the tag is set if they are negative.
void Emitter::unboxInt(ValueId v) {
  const Gp obj = operandGp(v, 0), dst = result(v);
  Stub& stub = newStub(v);
  as.mov(x86::r11, x86::qword_ptr(obj, L.long_tag));
  as.cmp(x86::r11, 16);
  as.jae(stub.entry);
  as.mov(dst.r32(), x86::dword_ptr(obj, L.long_digit));
  as.shl(x86::r11, 62);
  as.sar(x86::r11, 63);
  as.xor_(dst, x86::r11);
  as.sub(dst, x86::r11);
  as.bind(stub.back);
}

bool Emitter::opObject(ValueId v) {
  switch (f[v].op) {
    case Op::LoadObj: case Op::LoadI64: case Op::LoadI32: case Op::LoadU32: case Op::LoadU8: case Op::LoadF64:
    case Op::LoadObjAt:
      loadMemory(v);
      return true;
    case Op::StoreObj: case Op::StoreI64: case Op::StoreI32: case Op::StoreF64: case Op::StoreU8: case Op::StoreObjAt:
      storeMemory(v);
      return true;
    case Op::Retain: retain(v); return true;
    case Op::Release: release(v); return true;
    case Op::BoxInt: case Op::BoxIntOrNull: boxInt(v); return true;
    case Op::BoxFloat: case Op::BoxFloatOrNull: boxFloat(v); return true;
    case Op::IsUnique: isUnique(v); return true;
    case Op::PolyLookup: polyLookup(v); return true;
    case Op::LoadField: loadField(v); return true;
    case Op::BoxBool: boxBool(v); return true;
    case Op::UnboxInt: unboxInt(v); return true;
    case Op::UnboxFloat: as.movsd(resultXmm(v), x86::qword_ptr(operandGp(v, 0), L.float_value)); return true;
    default: return false;
  }
}

}  // namespace od

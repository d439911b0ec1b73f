// Cold call-outs, behind the hot code. A stub stores what lives on to its slots, calls, loads it back and returns: the hot
// path's registers are as if nothing had happened. Where others may look meanwhile, everything the state shows is stored.
#include "emit/emitter.h"

namespace od {

using namespace asmjit;

// References into stubs_ do not survive the next newStub: callers use them at once.
Emitter::Stub& Emitter::newStub(ValueId v) {
  stubs_.push_back({v, as.newLabel(), as.newLabel()});
  stubPublished_.push_back(published_);
  return stubs_.back();
}

// Stores registers whose slots are not valid yet: what lives on, or all the op found (`everything`).
void Emitter::saveLive(ValueId v, bool everything) {
  const RegFile& before = *fileBefore(v);
  const RegFile& after = *fileAfter(v);
  for (uint8_t r = 0; r < 32; r++) {
    auto save = [&](ValueId x) {
      if (!x.valid() || a.isConst(x) || (ra.slotUse[x.raw] & kStored) || ra.slot[x.raw] == kDead) return;
      storeSlot(x, r);
    };
    if (!(kCalleeSaved & bit(r))) save(after[r]);
    if (everything && (before[r] != after[r] || (kCalleeSaved & bit(r)))) save(before[r]);
  }
}

void Emitter::restoreLive(const RegFile& file) {
  for (uint8_t r = 0; r < 32; r++)
    if (const ValueId x = file[r]; x.valid() && !(kCalleeSaved & bit(r)) && !a.isConst(x)) {
      if (r >= kXmm) as.movsd(xmm(r), slotMem(ra.slot[x.raw]));
      else as.mov(gp(r), slotMem(ra.slot[x.raw]));
    }
}

// Puts a dead object at the head of a list that is linked through `link`; r11 holds the head's address.
void Emitter::pushDead(const Stub& s, int32_t link) {
  const Gp obj = operandGp(s.v, 0);
  const RegFile& before = *fileBefore(s.v);
  const RegFile& after = *fileAfter(s.v);
  uint8_t spare = kNoReg;
  for (uint32_t pool = kGprPool; pool; pool &= pool - 1) {
    const uint8_t r = uint8_t(__builtin_ctz(pool));
    if (!before[r].valid() && !after[r].valid() && gp(r) != obj) spare = r;
  }
  const Gp temp = spare != kNoReg ? gp(spare) : obj == x86::rax ? Gp(x86::rcx) : Gp(x86::rax);
  if (spare == kNoReg) as.push(temp);
  as.mov(temp, x86::qword_ptr(x86::r11));
  as.mov(x86::qword_ptr(obj, link), temp);
  as.mov(x86::qword_ptr(x86::r11), obj);
  if (spare == kNoReg) as.pop(temp);
}

// A float goes back to CPython's free list.
void Emitter::stubFreeFloat(const Stub& s) {
  Label full = as.newLabel();
  code_.load(x86::r11, int64_t(L.floatFreeList));
  as.cmp(freeFloatCount(), L.floatFreeMax);
  as.jge(full);
  pushDead(s, L.ob_type);
  as.inc(freeFloatCount());
  as.jmp(s.back);
  as.bind(full);
}

// An int of one digit goes to our own list.
void Emitter::stubFreeInt(const Stub& s) {
  const Gp obj = operandGp(s.v, 0);
  Label full = as.newLabel();
  as.cmp(x86::qword_ptr(obj, L.long_tag), 16);
  as.jae(full);
  code_.load(x86::r11, int64_t(ctx.intFreeList));
  as.cmp(x86::qword_ptr(x86::r11, int32_t(offsetof(IntFreeList, count))), Imm(kIntFreeMax));
  as.jge(full);
  pushDead(s, L.ob_refcnt);
  as.inc(x86::qword_ptr(x86::r11, int32_t(offsetof(IntFreeList, count))));
  as.jmp(s.back);
  as.bind(full);
}

// Numbers are common among values whose type is not known. Afterwards the carry flag says that the object is some leaf.
void Emitter::stubFreeUnknown(const Stub& s) {
  as.mov(x86::r11, operandGp(s.v, 0));
  code_.callAddress(ctx.freeLeaf);
  as.jz(s.back);
}

// What routines are told of a state whose values are all in slots: its id, and above that the frame's instruction.
uint32_t Emitter::shownWord(StateId shown) {
  const StateId mapped = mapState(shown, nullptr);
  const uint64_t at = (instructionOf(shown) - f.codeBase[0]) / 2;
  if (mapped.raw > 0xFFFF || at > 0xFFFF) fail("too many states");
  return uint32_t(at << 16) | mapped.raw;
}

void Emitter::stubRelease(const Stub& s) {
  const Value& v = f[s.v];
  const Type type = operandType(s.v, 0);
  const Type kinds(type.mask & ~1u);
  const bool shown = v.state.valid() && !(type.mask && type.isLeaf());
  if (kinds.is(Kind::Float)) stubFreeFloat(s);
  else if (kinds.is(Kind::Int)) stubFreeInt(s);
  else if (shown || !type.isLeaf()) stubFreeUnknown(s);
  saveLive(s.v, shown);   // the flags survive
  if (shown) {
    copyReg(rDX, operandReg(s.v, 0));
    as.mov(x86::ecx, Imm(shownWord(v.state)));
    code_.callAddress(ctx.releaseShown);
  } else {
    copyReg(rDI, operandReg(s.v, 0));
    code_.callAddress(ctx.dealloc);
  }
  restoreLive(*fileAfter(s.v));
  as.jmp(s.back);
}

// The two routines leave all registers alone but r11.
void Emitter::stubPoly(const Stub& s) {
  const bool finds = f[s.v].op == Op::PolyLookup;
  as.push(operandGp(s.v, 0));
  as.mov(x86::r11, finds ? result(s.v) : operandGp(s.v, 1));
  code_.callAddress(finds ? ctx.polyFind : ctx.polyLoad);
  as.mov(result(s.v), x86::r11);
  as.jmp(s.back);
}

void Emitter::stubBox(const Stub& s) {
  const uint8_t dst = ra.plan[s.v.raw].result;
  saveLive(s.v, false);
  const bool isFloat = f[s.v].op == Op::BoxFloat || f[s.v].op == Op::BoxFloatOrNull;
  if (isFloat) copyReg(kXmm, operandReg(s.v, 0));
  else copyReg(rDI, operandReg(s.v, 0));
  code_.callAddress(isFloat ? ctx.boxFloatSlow : ctx.boxIntSlow);
  as.mov(x86::r11, x86::rax);
  restoreLive(*fileAfter(s.v));
  as.mov(gp(dst), x86::r11);
  as.jmp(s.back);
}

// Restores what the exit describes as well, since only the call tells whether it will be taken.
void Emitter::stubUnbox(const Stub& s) {
  saveLive(s.v, true);
  copyReg(rDI, operandReg(s.v, 0));
  code_.callAddress(ctx.unboxIntSlow);
  as.mov(x86::r11, x86::rax);
  as.test(x86::rdx, x86::rdx);
  restoreLive(*fileBefore(s.v));
  if (f[s.v].state.valid()) as.jz(exitOf(s.v));
  as.mov(result(s.v), x86::r11);
  as.jmp(s.back);
}

// There is a frame object: an exception has passed here, or somebody has looked.
void Emitter::stubUnlink(const Stub& s) {
  saveLive(s.v, true);
  as.mov(x86::rdi, x86::r12);
  as.mov(x86::rsi, x86::rbx);
  as.lea(x86::rdx, x86::ptr(x86::r13, -kRecordSize));
  code_.callAddress(ctx.dropFrameObject);
  as.test(x86::eax, x86::eax);
  restoreLive(*fileBefore(s.v));
  as.jnz(exitOf(s.v));
  as.jmp(s.back);
}

// The eval breaker is not what the unit expects: serves what can be served in place, leaves otherwise.
void Emitter::askWorld(StateId shown) {
  as.mov(x86::ecx, Imm(shownWord(shown)));
  code_.callAddress(ctx.askWorld);
}

void Emitter::stubWorld(const Stub& s) {
  saveLive(s.v, true);
  askWorld(f[s.v].state);
  restoreLive(*fileAfter(s.v));
  as.jmp(s.back);
}

// Behind an observable call everything the state shows lies in its slot already, but for the result.
void Emitter::stubAfterCall(const Stub& s) {
  const Value& v = f[s.v];
  const uint8_t result = ra.plan[s.v.raw].result;
  const bool keep = v.rep != Rep::None && ra.slot[s.v.raw] != kDead;
  if (checkedInRoutine(s.v)) checkFailure(s.v, true);
  if (keep) storeSlot(s.v, result);
  askWorld(v.after);
  if (keep) {
    if (result >= kXmm) as.movsd(xmm(result), slotMem(ra.slot[s.v.raw]));
    else as.mov(gp(result), slotMem(ra.slot[s.v.raw]));
  }
  as.jmp(s.back);
}

void Emitter::stubs() {
  for (size_t i = 0; i < stubs_.size(); i++) {
    const Stub s = stubs_[i];
    published_ = stubPublished_[i];
    notePc(s.v);
    as.bind(s.entry);
    switch (f[s.v].op) {
      case Op::Release: stubRelease(s); break;
      case Op::BoxInt: case Op::BoxFloat: case Op::BoxIntOrNull: case Op::BoxFloatOrNull: stubBox(s); break;
      case Op::UnboxInt: stubUnbox(s); break;
      case Op::PolyLookup: case Op::LoadField: stubPoly(s); break;
      case Op::Unlink: stubUnlink(s); break;
      case Op::Call: case Op::CallArray: case Op::CallUnit: stubAfterCall(s); break;
      default: stubWorld(s);
    }
  }
}

}  // namespace od

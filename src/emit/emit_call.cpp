// Calls on the hot path. Everything the call's states show lies in a slot or a callee-saved register by now; arguments are
// collected from wherever they are by one parallel move.
#include <algorithm>

#include "emit/emitter.h"
#include "support/helper_rows.h"

namespace od {

using namespace asmjit;

namespace {
constexpr uint8_t kArgRegs[] = {rDI, rSI, rDX, rCX, r8n, r9n};
}

// Of the unit's own frame.
uint64_t Emitter::instructionOf(StateId s) const {
  while (f[s].parent.valid()) s = f[s].parent;
  return f.codeBase[f[s].code] + 2 * uint64_t(f[s].at);
}

// What others may look at during an observable call: the line, and which state describes the frame.
void Emitter::showState(StateId mapped, StateId s) {
  constexpr uint64_t kLongest = 1 << 26;   // no code object is longer
  const uint64_t at = instructionOf(s);
  const bool oneUpperHalf = f.codeBase[0] >> 32 == (f.codeBase[0] + kLongest) >> 32;
  if (published_ && oneUpperHalf) {   // which is in place
    as.mov(x86::dword_ptr(x86::rbx, L.fr_instr_ptr), Imm(uint32_t(at)));
  } else {
    code_.load(x86::r11, int64_t(at));
    as.mov(x86::qword_ptr(x86::rbx, L.fr_instr_ptr), x86::r11);
  }
  as.mov(x86::dword_ptr(x86::r13, kShownState), Imm(mapped.raw));
}

void Emitter::storeArray(ValueId v, uint32_t from) {
  const RegFile& file = *fileBefore(v);
  for (uint32_t i = from; i < f[v].count; i++) {
    const ValueId x = a.arg(v, i);
    const Mem mem = x86::qword_ptr(x86::rsp, int32_t(8 + 8 * (i - from)));
    const Place at = placeIn(file, x);
    if (at < kXmm) {
      as.mov(mem, gp(uint8_t(at)));
    } else if (at < kSlotPlace) {
      as.movsd(mem, xmm(uint8_t(at)));
    } else if (at == kConstPlace && f[x].op != Op::AuxAddr && fitsInt32(f[x].imm)) {
      as.mov(mem, Imm(f[x].imm));
    } else {
      loadValue(r11n, x);
      as.mov(mem, x86::r11);
    }
  }
}

void Emitter::passArguments(ValueId v) {
  const HelperInfo& row = helperInfo(Helper(f[v].aux));
  const RegFile& file = *fileBefore(v);
  const uint32_t direct = f[v].op == Op::CallArray ? std::min(uint32_t(f[v].imm), f[v].count) : f[v].count;
  if (f[v].op == Op::CallArray) storeArray(v, direct);
  std::vector<PlaceMove> moves;
  uint32_t ints = row.passFrame ? 2 : 0, floats = 0;
  for (uint32_t i = 0; i < direct; i++) {
    const ValueId x = a.arg(v, i);
    const uint32_t limit = a.isFloat(x) ? floats : ints;
    if (limit >= (a.isFloat(x) ? 8u : 6u)) return fail("too many arguments: " + printValue(f, v));
    const Place to = a.isFloat(x) ? Place(kXmm + floats++) : Place(kArgRegs[ints++]);
    moves.push_back({to, placeIn(file, x), x});
  }
  transfer(moves);
  if (row.passFrame && !checkedInRoutine(v)) {
    as.mov(x86::rdi, x86::r12);
    as.mov(x86::rsi, x86::rbx);
  }
  if (f[v].op != Op::CallArray) return;
  if (ints > 4) return fail("too many arguments: " + printValue(f, v));
  as.lea(gp(kArgRegs[ints]), x86::ptr(x86::rsp, 8));
  code_.load(gp(kArgRegs[ints + 1]), f[v].count - direct);
}

// Is the helper called through a routine that looks for failure and a changed world?
bool Emitter::checkedInRoutine(ValueId v) const {
  return f[v].op != Op::CallUnit && f[v].after.valid() && helperInfo(Helper(f[v].aux)).observable;
}

void Emitter::checkFailure(ValueId v, bool observable) {
  const Failure failure = f[v].op == Op::CallUnit ? Failure::Null : helperInfo(Helper(f[v].aux)).failure;
  if (failure == Failure::Never) return;
  if (!f[v].state.valid()) return fail("a call that can fail has no state: " + printValue(f, v));
  Label exit = exitFor(mapState(f[v].state, observable ? nullptr : fileAfter(v)));
  if (failure == Failure::One) {
    as.cmp(x86::rax, 1);
    as.je(exit);
    return;
  }
  as.test(x86::rax, x86::rax);
  if (failure == Failure::Null) as.jz(exit);
  else as.js(exit);
}

void Emitter::checkWorldAfter(ValueId v) {
  if (!f[v].after.valid()) return;
  Stub& stub = newStub(v);
  code_.compareWorld(L.ts_eval_breaker);
  as.jne(stub.entry);
  as.bind(stub.back);
}

void Emitter::call(ValueId v) {
  const HelperInfo& row = helperInfo(Helper(f[v].aux));
  if (row.observable && f[v].state.valid()) showState(mapState(f[v].state, nullptr), f[v].state);
  passArguments(v);
  if (!ctx.helpers || !ctx.helpers[f[v].aux]) return fail(std::string("no helper ") + row.name);
  if (checkedInRoutine(v)) {
    code_.callAddress(ctx.shownHelpers[f[v].aux]);
    const Stub& stub = newStub(v);
    as.jc(stub.entry);
    as.bind(stub.back);
    return;
  }
  code_.callAddress(ctx.helpers[f[v].aux]);
  checkFailure(v, row.observable);
  if (row.observable) checkWorldAfter(v);
}

// The callee's frame lies where our spill area ends. Arguments in registers go first, which frees every register for
// the others and the function.
void Emitter::callUnit(ValueId v) {
  if (f[v].state.valid()) showState(mapState(f[v].state, nullptr), f[v].state);
  const RegFile& file = *fileBefore(v);
  if (borrowsFrame(f.kind)) as.mov(x86::r11, x86::qword_ptr(x86::r12, L.ts_datastack_top));
  else as.lea(x86::r11, x86::ptr(x86::r13, int32_t(8 * ra.slots)));   // what the entry set it to
  const bool dynamic = f[v].imm == 0;
  const uint32_t last = f[v].count - dynamic;
  if (dynamic) {
    // The callee's frame head is not written yet: the cell waits there while the arguments take the registers.
    const ValueId cell = a.arg(v, last);
    if (const Place at = placeIn(file, cell); at < kXmm) as.mov(x86::qword_ptr(x86::r11, L.fr_executable), gp(uint8_t(at)));
  }
  auto argument = [&](uint32_t i) { return x86::qword_ptr(x86::r11, L.fr_localsplus + int32_t(8 * (i - 1))); };
  for (uint32_t i = 1; i < last; i++)
    if (const Place at = placeIn(file, a.arg(v, i)); at < kXmm) as.mov(argument(i), gp(uint8_t(at)));
  const ValueId func = a.arg(v, 0);
  if (const Place at = placeIn(file, func); at < kXmm) copyReg(rDX, uint8_t(at));
  else loadValue(rDX, func);
  for (uint32_t i = 1; i < last; i++) {
    const ValueId x = a.arg(v, i);
    if (placeIn(file, x) < kXmm) continue;
    loadValue(rAX, x);
    as.mov(argument(i), x86::rax);
  }
  if (dynamic && placeIn(file, a.arg(v, last)) >= kXmm) {
    loadValue(rAX, a.arg(v, last));
    as.mov(x86::qword_ptr(x86::r11, L.fr_executable), x86::rax);
  }
  as.mov(x86::rdi, x86::r12);
  as.mov(x86::rsi, x86::r11);
  if (dynamic) as.mov(x86::rax, x86::qword_ptr(x86::rsi, L.fr_executable));
  else code_.load(x86::rax, f[v].imm);
  as.call(x86::qword_ptr(x86::rax, int32_t(offsetof(CodeCell, entry))));
  checkFailure(v, true);
  checkWorldAfter(v);
}

}  // namespace od

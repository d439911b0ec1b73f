// Side exits. A state is described once for every different set of places its values lie in; identical descriptions
// share one exit. The first keeps the state's own id, further ones get ids behind the Function's.
#include <algorithm>

#include "emit/emitter.h"

namespace od {

using namespace asmjit;

ValueLocation Emitter::locate(ValueId v) const {
  const ValueId r = a.root[v.raw];
  ValueLocation l{Where::Const, f[r].rep, false, 0};
  if (a.isConst(r)) {
    l.payload = uint64_t(f[r].imm);
    return l;
  }
  const uint8_t reg = regNow_[r.raw];
  if (reg != kNoReg) {
    l.where = reg >= kXmm ? Where::Xmm : Where::Gpr;
    l.payload = reg % kXmm;
    return l;
  }
  l.where = Where::Spill;
  l.payload = ra.slot[r.raw];
  return l;
}

DecodedState Emitter::describe(StateId id, StateId parent) {
  const FrameState& s = f[id];
  DecodedState d{parent, s.code, s.at, s.resume, s.kind, s.drop, s.reason, published_, {}, {}, {}};
  std::vector<ValueId> seen;
  auto index = [&](ValueId v, bool owned) {
    if (!v.valid()) return -1;
    const ValueId r = a.root[v.raw];
    if (f[r].op == Op::ConstObj && f[r].imm == 0) return -1;
    size_t i = size_t(std::find(seen.begin(), seen.end(), r) - seen.begin());
    if (i == seen.size()) {
      seen.push_back(r);
      d.values.push_back(locate(r));
      const ValueLocation& l = d.values.back();
      if (l.where == Where::Spill && l.payload == kDead) fail("a value of state s" + std::to_string(id.raw) + " lies nowhere: " + printValue(f, r));
    }
    d.values[i].owned |= owned;
    return int(i);
  };
  for (const StateSlot& slot : s.slots) d.slots.push_back(index(slot.value, slot.owned));
  for (ValueId v : s.pending)
    if (const int i = index(v, true); i >= 0) d.pending.push_back(i);
  return d;
}

StateId Emitter::mapState(StateId s, const RegFile* file, ValueId result, uint8_t resultReg) {
  if (file)
    for (uint8_t r = 0; r < 32; r++)
      if ((*file)[r].valid()) regNow_[(*file)[r].raw] = r;
  if (result.valid()) regNow_[result.raw] = resultReg;
  std::vector<StateId> chain;
  for (StateId x = s; x.valid(); x = f[x].parent) chain.push_back(x);
  StateId mapped;
  while (!chain.empty()) {
    const StateId x = chain.back();
    chain.pop_back();
    DecodedState d = describe(x, mapped);
    StateId last;
    mapped = out_.exits.has(x) ? x : StateId();
    for (; mapped.valid() && !out_.exits.isSame(mapped, d); mapped = another_[mapped.raw]) last = mapped;
    if (mapped.valid()) continue;
    mapped = last.valid() ? StateId(nextMap_++) : x;
    out_.exits.add(mapped, d);
    if (another_.size() <= mapped.raw) another_.resize(mapped.raw + 1);
    if (last.valid()) another_[last.raw] = mapped;
  }
  if (file)
    for (ValueId v : *file)
      if (v.valid()) regNow_[v.raw] = kNoReg;
  if (result.valid()) regNow_[result.raw] = kNoReg;
  return mapped;
}

Emitter::Label Emitter::exitFor(StateId mapped) {
  if (exitLabel_.size() <= mapped.raw) exitLabel_.resize(mapped.raw + 1);
  Label& label = exitLabel_[mapped.raw];
  if (!label.isValid()) {
    label = as.newLabel();
    exitOrder_.push_back(mapped.raw);
  }
  return label;
}

// deopt:N. Before the guard itself, so that registers are as its exit describes them.
void Emitter::countGuard(ValueId v) {
  const Op op = f[v].op;
  if (!ctx.countGuards || !(info(op).effects & EffGuard) || op == Op::Exit || op == Op::CheckWorld || op == Op::LeaveIfChanged || !f[v].state.valid()) return;
  as.mov(x86::r11, Imm(uint64_t(ctx.forcedCountdown)));
  as.dec(x86::qword_ptr(x86::r11));
  as.jz(exitOf(v));
}

// In groups, so that most take four bytes: each pushes how far its id is from the group's first.
void Emitter::exits() {
  constexpr size_t kGroup = 31;          // as many short jumps reach the group's end
  constexpr uint32_t kNear = 127;
  std::sort(exitOrder_.begin(), exitOrder_.end());
  for (size_t i = 0; i < exitOrder_.size();) {
    const uint32_t base = exitOrder_[i];
    size_t end = i + 1;
    while (end < exitOrder_.size() && end - i < kGroup && exitOrder_[end] - base <= kNear) end++;
    const bool alone = end == i + 1;
    Label common = as.newLabel();
    for (; i < end; i++) {
      as.bind(exitLabel_[exitOrder_[i]]);
      as.push(Imm(int32_t(alone ? base : exitOrder_[i] - base)));
      if (i + 1 < end) as.short_().jmp(common);
    }
    as.bind(common);
    if (!alone && base) as.add(x86::qword_ptr(x86::rsp), Imm(int32_t(base)));
    code_.jumpAddress(ctx.exitStub);
  }
}

}  // namespace od

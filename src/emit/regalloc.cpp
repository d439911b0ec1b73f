#include "emit/regalloc.h"

#include <algorithm>

#include "support/helper_rows.h"

namespace od {
namespace {

// Short encodings first; what survives a call last, unless the value must survive one.
constexpr uint8_t kGprOrder[] = {rAX, rCX, rDX, rSI, rDI, r8n, r9n, r10n, r14n, r15n};

class Allocator {
 public:
  Allocator(const Analysis& a, Allocation& out)
      : a_(a), f_(a.f), out_(out), entries_(a, out), regOf_(f_.values.size(), kNoReg), next_(f_.values.size(), kDead) {}

  void run() {
    std::vector<uint8_t> done(f_.blocks.size(), 0);
    for (uint32_t b : a_.rpo) {
      entries_.choose(b, done);
      runBlock(b);
      done[b] = 1;
    }
  }

 private:
  void runBlock(uint32_t b);
  void runOp(ValueId v);
  void runCall(ValueId v);
  void bringOperands(ValueId v, const Shape& s);
  void allocateResult(ValueId v, const Shape& s);
  uint8_t dyingOperand(ValueId v, const Shape& s) const;
  uint8_t undoRegister(ValueId v, const Shape& s) const;
  void markStub(ValueId v);
  void freeKills(ValueId v, bool keepShown);
  void surviveCall(ValueId v);

  void set(uint8_t r, ValueId v) {
    regs_[r] = v;
    regOf_[v.raw] = r;
  }
  void clear(uint8_t r) {
    if (regs_[r].valid()) regOf_[regs_[r].raw] = kNoReg;
    regs_[r] = ValueId();
  }
  void evict(uint8_t r) {
    if (!a_.isConst(regs_[r])) out_.slotUse[regs_[r].raw] |= kHasSlot | kStored;
    clear(r);
  }
  uint32_t freeMask(bool isFloat) const {
    uint32_t m = 0;
    for (uint32_t pool = isFloat ? kXmmPool : kGprPool; pool; pool &= pool - 1) {
      const uint8_t r = uint8_t(__builtin_ctz(pool));
      if (!regs_[r].valid()) m |= bit(r);
    }
    return m;
  }
  uint8_t take(bool isFloat, uint32_t avoid, uint8_t wish, bool crossesCall);
  uint8_t victim(bool isFloat, uint32_t avoid) const;
  bool crossesCall(ValueId v) const { return next_[v.raw] < kFar && next_[v.raw] - now_ >= kCallCost; }
  uint32_t snapshot() {
    out_.snapshots.push_back(regs_);
    return uint32_t(out_.snapshots.size() - 1);
  }
  OpPlan& plan(ValueId v) { return out_.plan[v.raw]; }

  const Analysis& a_;
  const Function& f_;
  Allocation& out_;
  EntryChooser entries_;
  RegFile regs_;
  std::vector<uint8_t> regOf_;
  std::vector<uint32_t> next_;   // time of the next use in this block
  uint32_t now_ = 0;
  uint32_t pinned_ = 0;          // registers this op uses
};

uint8_t Allocator::victim(bool isFloat, uint32_t avoid) const {
  uint8_t best = kNoReg;
  uint64_t bestScore = 0;
  for (uint32_t pool = (isFloat ? kXmmPool : kGprPool) & ~avoid; pool; pool &= pool - 1) {
    const uint8_t r = uint8_t(__builtin_ctz(pool));
    const ValueId v = regs_[r];
    uint64_t score = uint64_t(next_[v.raw] - now_) + 1;
    if (out_.slotUse[v.raw] & kStored) score *= 2;  // no new store
    if (score > bestScore) bestScore = score, best = r;
  }
  return best;
}

uint8_t Allocator::take(bool isFloat, uint32_t avoid, uint8_t wish, bool crosses) {
  const uint32_t free = freeMask(isFloat) & ~avoid;
  if (wish != kNoReg && (free & bit(wish))) return wish;
  if (free) {
    if (isFloat) return uint8_t(__builtin_ctz(free));
    if (crosses && (free & kCalleeSaved)) return uint8_t(__builtin_ctz(free & kCalleeSaved));
    for (uint8_t r : kGprOrder)
      if (free & bit(r)) return r;
  }
  const uint8_t r = victim(isFloat, avoid);
  if (r == kNoReg) {
    out_.error = "no register left";
    return isFloat ? kXmm : uint8_t(rAX);
  }
  evict(r);
  return r;
}

void Allocator::runBlock(uint32_t b) {
  regs_ = out_.entry[b];
  for (uint8_t r = 0; r < 32; r++)
    if (regs_[r].valid()) regOf_[regs_[r].raw] = r;
  for (const Live& l : a_.liveIn[b]) next_[l.v.raw] = l.distance;
  for (ValueId p : f_.blocks[b].phis) next_[p.raw] = a_.nextAtDef[p.raw];
  now_ = 0;
  for (ValueId v : f_.blocks[b].values) {
    if (!a_.emitted(v)) continue;
    if (shapeOf(a_, v).anywhere && f_[v].op != Op::Return && f_[v].op != Op::Yield) runCall(v);
    else runOp(v);
    now_ += a_.cost(v);
  }
  out_.exit[b] = regs_;
  for (uint8_t r = 0; r < 32; r++) clear(r);
}

// Loads what is not in a register yet. Values of this op are pinned, so that loading one does not evict another.
void Allocator::bringOperands(ValueId v, const Shape& s) {
  OpPlan& p = plan(v);
  p.moves.first = uint32_t(out_.moves.size());
  pinned_ = 0;
  if (s.anywhere) return;
  const uint32_t n = std::min(a_.uses[v.raw].count, 3u);
  for (uint32_t k = 0; k < n; k++)
    if (const uint8_t r = regOf_[a_.arg(v, k).raw]; r != kNoReg) pinned_ |= bit(r);
  for (uint32_t k = 0; k < n; k++) {
    const ValueId x = a_.arg(v, k);
    if (a_.isConst(x) && constStays(a_, v, k)) continue;
    if (regOf_[x.raw] == kNoReg) {
      next_[x.raw] = a_.isConst(x) ? now_ : next_[x.raw];
      const uint8_t r = take(a_.isFloat(x), pinned_, kNoReg, false);
      out_.moves.push_back({r, kNoReg, x});
      set(r, x);
      pinned_ |= bit(r);
    }
    p.operand[k] = regOf_[x.raw];
  }
  p.moves.count = uint32_t(out_.moves.size()) - p.moves.first;
}

void Allocator::freeKills(ValueId v, bool keepShown) {
  const Range kills = a_.kills[v.raw];
  for (uint32_t i = 0; i < kills.count; i++) {
    const ValueId x = a_.killPool[kills.first + i];
    if (regOf_[x.raw] == kNoReg || (keepShown && a_.stateShows(f_[v].state, x))) continue;
    clear(regOf_[x.raw]);
  }
}

// A dying operand's register for the result, although the state still shows the operand: the exit undoes the operation.
uint8_t Allocator::undoRegister(ValueId v, const Shape& s) const {
  const OpPlan& p = out_.plan[v.raw];
  const uint32_t n = a_.uses[v.raw].count;
  if (!s.undo || (n == 2 && p.operand[0] == p.operand[1])) return kNoReg;
  const Range kills = a_.kills[v.raw];
  for (uint32_t k = 0; k < (s.commutative ? n : 1u); k++) {
    const uint8_t r = p.operand[k];
    for (uint32_t i = 0; r != kNoReg && i < kills.count; i++)
      if (a_.killPool[kills.first + i] == regs_[r]) return r;
  }
  return kNoReg;
}

// The register that makes the op a two-operand instruction without a copy.
uint8_t Allocator::dyingOperand(ValueId v, const Shape& s) const {
  const OpPlan& p = out_.plan[v.raw];
  if (s.twoAddress)
    for (uint32_t k = 0; k < (s.commutative ? 2u : 1u); k++) {
      const uint8_t r = p.operand[k];
      if (r != kNoReg && (r >= kXmm) == a_.isFloat(v) && !regs_[r].valid()) return r;
    }
  return kNoReg;
}

void Allocator::allocateResult(ValueId v, const Shape& s) {
  OpPlan& p = plan(v);
  const bool isFloat = a_.isFloat(v);
  uint32_t avoid = s.notRcx ? bit(rCX) : 0;
  for (uint32_t k = 0; k < 3; k++) {
    if (p.operand[k] == kNoReg) continue;
    const bool live = regs_[p.operand[k]].valid();
    const bool second = k == 1 && s.twoAddress && !s.commutative && p.operand[1] != p.operand[0];
    if (live || second || s.freshResult) avoid |= bit(p.operand[k]);
  }
  if (p.temp != kNoReg) avoid |= bit(p.temp);
  next_[v.raw] = a_.nextAtDef[v.raw];
  // Where a phi wants it, else where an operand dies: a copy now or a copy on the edge, but the phi may be one of a chain.
  uint8_t wish = entries_.hint(v);
  if (wish == kNoReg || regs_[wish].valid() || (avoid & bit(wish))) {
    p.result = undoRegister(v, s);
    if (p.result != kNoReg) return;
    wish = dyingOperand(v, s);
  }
  p.result = take(isFloat, avoid, wish, next_[v.raw] != kDead && crossesCall(v));
}

// Slots for what a cold stub saves: everything that lives on, and at an observable one everything its states show.
void Allocator::markStub(ValueId v) {
  const OpPlan& p = plan(v);
  auto mark = [&](uint32_t snap, uint32_t keep) {
    if (snap == kDead) return;
    for (uint8_t r = 0; r < 32; r++)
      if (const ValueId x = out_.snapshots[snap][r]; x.valid() && !(keep & bit(r)) && !a_.isConst(x)) out_.slotUse[x.raw] |= kHasSlot;
  };
  mark(p.after, kCalleeSaved);
  mark(p.before, f_[v].op == Op::UnboxInt ? kCalleeSaved : 0);
}

void Allocator::runOp(ValueId v) {
  const Shape s = shapeOf(a_, v);
  OpPlan& p = plan(v);
  bringOperands(v, s);
  if (s.anywhere) p.before = snapshot();
  if (s.temps) {
    p.temp = take(false, pinned_ | (s.notRcx ? bit(rCX) : 0), kNoReg, false);
    pinned_ |= bit(p.temp);
  }
  const bool hasResult = a_.role[v.raw] == Role::Normal && f_[v].rep != Rep::None;
  const bool wantsFile = f_[v].state.valid() || f_[v].after.valid() || s.stub;
  if (s.late) {
    freeKills(v, true);
    if (hasResult) allocateResult(v, s);
    if (wantsFile) p.before = snapshot();
    freeKills(v, false);
  } else {
    if (wantsFile) p.before = snapshot();
    freeKills(v, false);
    if (hasResult) allocateResult(v, s);
  }
  for (uint32_t k = 0; k < std::min(a_.uses[v.raw].count, 3u); k++)
    if (const ValueId x = a_.arg(v, k); a_.isConst(x) && regOf_[x.raw] != kNoReg) clear(regOf_[x.raw]);
  if (s.stub) {
    p.after = snapshot();
    markStub(v);
  }
  for (uint32_t k = 0; k < a_.uses[v.raw].count; k++) {
    const uint32_t index = a_.uses[v.raw].first + k;
    next_[a_.arg(v, k).raw] = a_.nextAt[index];
  }
  if (!hasResult) return;
  next_[v.raw] = a_.nextAtDef[v.raw];
  if (next_[v.raw] == kDead) return;
  set(p.result, v);
  entries_.defined(v, p.result);
}

// What lives on and is only in a caller-saved register: into a free callee-saved one, if that spares a store, or its slot.
void Allocator::surviveCall(ValueId v) {
  for (uint32_t pool = (kGprPool & ~kCalleeSaved) | kXmmPool; pool; pool &= pool - 1) {
    const uint8_t r = uint8_t(__builtin_ctz(pool));
    const ValueId x = regs_[r];
    if (!x.valid()) continue;
    const uint32_t free = freeMask(false) & kCalleeSaved;
    if (r < kXmm && free && !(out_.slotUse[x.raw] & kStored) && next_[x.raw] < kFar) {
      const uint8_t to = uint8_t(__builtin_ctz(free));
      out_.moves.push_back({to, r, x});
      clear(r);
      set(to, x);
    }
  }
  plan(v).moves.count = uint32_t(out_.moves.size()) - plan(v).moves.first;
}

void Allocator::runCall(ValueId v) {
  OpPlan& p = plan(v);
  p.moves.first = uint32_t(out_.moves.size());
  const bool isCall = f_[v].op == Op::Call || f_[v].op == Op::CallArray;
  const bool observable = isCall ? helperInfo(Helper(f_[v].aux)).observable : true;
  if (observable)   // `after` is shown while the world is checked behind the call
    for (StateId s : {f_[v].state, f_[v].after})
      for (ValueId x : a_.stateValues(s))
        if (x != v) out_.slotUse[x.raw] |= kHasSlot | kStored;
  // Operands that end here are gone; whatever else ends here is shown by a state and must outlive the call.
  RegFile arguments = regs_;
  std::vector<std::pair<uint8_t, ValueId>> dying;
  const Range kills = a_.kills[v.raw];
  for (uint32_t i = 0; i < kills.count; i++) {
    const ValueId x = a_.killPool[kills.first + i];
    if (regOf_[x.raw] == kNoReg || a_.stateShows(f_[v].state, x) || a_.stateShows(f_[v].after, x)) continue;
    dying.push_back({regOf_[x.raw], x});
  }
  for (uint32_t k = 0; k < a_.uses[v.raw].count; k++) next_[a_.arg(v, k).raw] = a_.nextAt[a_.uses[v.raw].first + k];
  for (auto [r, x] : dying) regOf_[x.raw] = kNoReg, (void)r;
  for (auto [r, x] : dying)
    if (!(kCalleeSaved & bit(r))) regs_[r] = ValueId();
  surviveCall(v);
  arguments = regs_;
  for (auto [r, x] : dying) arguments[r] = x;
  out_.snapshots.push_back(arguments);
  p.before = uint32_t(out_.snapshots.size() - 1);
  for (auto [r, x] : dying) regs_[r] = ValueId();
  for (uint32_t pool = (kGprPool & ~kCalleeSaved) | kXmmPool; pool; pool &= pool - 1)
    if (const uint8_t r = uint8_t(__builtin_ctz(pool)); regs_[r].valid()) evict(r);
  p.after = snapshot();
  freeKills(v, false);
  if (f_[v].rep == Rep::None) return;
  if (f_[v].after.valid()) out_.slotUse[v.raw] |= kHasSlot;   // for the check of the world behind the call
  p.result = a_.isFloat(v) ? kXmm : uint8_t(rAX);
  next_[v.raw] = a_.nextAtDef[v.raw];
  if (next_[v.raw] == kDead) return;
  set(p.result, v);
  entries_.defined(v, p.result);
}

}  // namespace

Allocation allocate(const Analysis& a) {
  Allocation out;
  const size_t n = a.f.values.size(), blocks = a.f.blocks.size();
  out.plan.resize(n);
  out.slotUse.assign(n, 0);
  out.slot.assign(n, kDead);
  out.entry.resize(blocks);
  out.exit.resize(blocks);
  Allocator(a, out).run();
  assignSlots(a, out);
  return out;
}

}  // namespace od

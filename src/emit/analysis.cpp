#include "emit/analysis.h"

#include <algorithm>

namespace od {
namespace {

bool isConstOp(Op op) {
  return op == Op::ConstObj || op == Op::ConstI64 || op == Op::ConstF64 || op == Op::ConstBool || op == Op::AuxAddr;
}

bool isAliasOp(Op op) {
  return op == Op::GuardKind || op == Op::GuardVersion || op == Op::GuardIs || op == Op::GuardNotNull || op == Op::GuardBool;
}

bool isTestOp(Op op) {
  return op == Op::CmpI || op == Op::CmpF || op == Op::IsSame || op == Op::IsObj || op == Op::IsKind || op == Op::IsUnique ||
         op == Op::UnboxBool;
}

// Can `load cmp constant` be one instruction? Narrow loads are compared at their own width.
bool comparable(Op load, int64_t constant, bool constBase) {
  switch (load) {
    case Op::LoadI64: return !constBase || constant == int32_t(constant);   // else both want the scratch register
    case Op::LoadI32: return constant == int32_t(constant);
    case Op::LoadU32: return constant == int64_t(uint32_t(constant));
    case Op::LoadU8: return constant == int64_t(uint8_t(constant));
    default: return false;
  }
}

bool takesTest(Op op) { return op == Op::Branch || op == Op::GuardTrue || op == Op::GuardFalse; }

}  // namespace

Analysis::Analysis(const Function& fn) : f(fn) {
  orderBlocks();
  findLoops();
  classify();
  flattenStates();
  fuse();
  dropDead();
  computeLiveness();
}

void Analysis::orderBlocks() {
  const uint32_t n = uint32_t(f.blocks.size());
  rpoNumber.assign(n, kDead);
  std::vector<std::pair<uint32_t, int>> stack{{f.entry.raw, 2}};
  std::vector<uint8_t> seen(n, 0);
  seen[f.entry.raw] = 1;
  while (!stack.empty()) {
    auto& [b, left] = stack.back();
    if (left == 0) {
      rpo.push_back(b);
      stack.pop_back();
      continue;
    }
    const BlockId s = f.blocks[b].succ[--left];  // the second first, so that the first is nearer in the order
    if (s.valid() && !seen[s.raw]) {
      seen[s.raw] = 1;
      stack.push_back({s.raw, 2});
    }
  }
  std::reverse(rpo.begin(), rpo.end());
  for (uint32_t i = 0; i < rpo.size(); i++) rpoNumber[rpo[i]] = i;
  layout.push_back(f.entry.raw);
  for (bool cold : {false, true})
    for (uint32_t b = 0; b < n; b++)
      if (rpoNumber[b] != kDead && b != f.entry.raw && f.blocks[b].cold == cold) layout.push_back(b);
}

// Natural loops, inner ones first; blocks of an inner loop are skipped over by way of its header.
void Analysis::findLoops() {
  const uint32_t n = uint32_t(f.blocks.size());
  loopOf.assign(n, kDead);
  loopParent.assign(n, kDead);
  depth.assign(n, 0);
  std::vector<uint32_t> work;
  auto outermost = [&](uint32_t b) {
    uint32_t h = loopOf[b];
    while (h != kDead && loopParent[h] != kDead) h = loopParent[h];
    return h;
  };
  for (size_t i = rpo.size(); i-- > 0;) {
    const uint32_t h = rpo[i];
    auto enter = [&](uint32_t b) {
      if (rpoNumber[b] == kDead || rpoNumber[b] < i) return;  // not in the loop, or the graph is irreducible
      const uint32_t top = outermost(b);
      if (top == h) return;
      if (top != kDead) loopParent[top] = h;
      else loopOf[b] = h;
      work.push_back(top != kDead ? top : b);
    };
    for (BlockId p : f.blocks[h].preds)
      if (rpoNumber[p.raw] != kDead && rpoNumber[p.raw] >= i) {
        if (loopOf[h] == kDead) loopOf[h] = h;
        enter(p.raw);
      }
    while (!work.empty()) {
      const uint32_t b = work.back();
      work.pop_back();
      for (BlockId p : f.blocks[b].preds) enter(p.raw);
    }
  }
  for (uint32_t b : rpo)
    for (uint32_t h = loopOf[b]; h != kDead; h = loopParent[h]) depth[b]++;
}

uint32_t Analysis::edgeCost(uint32_t from, uint32_t to) const {
  uint32_t cost = 0;
  if (depth[to] < depth[from]) cost += kLoopCost;
  if (f.blocks[to].cold && !f.blocks[from].cold) cost += kColdCost;
  return cost;
}

void Analysis::classify() {
  const uint32_t n = uint32_t(f.values.size());
  role.assign(n, Role::Dead);
  root.resize(n);
  uses.resize(n);
  test.resize(n);
  inner.resize(n);
  inverted.assign(n, 0);
  for (uint32_t i = 0; i < n; i++) {
    root[i] = ValueId(i);
    uses[i] = {f.values[i].first, f.values[i].count};
  }
  for (uint32_t b : rpo) {  // definitions come before uses, so roots are final when they are asked for
    for (ValueId v : f.blocks[b].phis) {
      role[v.raw] = Role::Normal;
      if (f[v].count == 1) {
        role[v.raw] = Role::Alias;
        root[v.raw] = root[f.arg(v, 0).raw];
      }
    }
    for (ValueId v : f.blocks[b].values) {
      role[v.raw] = isConstOp(f[v].op) ? Role::Const : Role::Normal;
      if (isAliasOp(f[v].op)) {
        role[v.raw] = Role::Alias;
        root[v.raw] = root[f.arg(v, 0).raw];
      }
    }
  }
}

void Analysis::flattenStates() {
  stateRange_.assign(f.states.size(), {kDead, 0});
  useCount_.assign(f.values.size(), 0);
  std::vector<uint32_t> stamp(f.values.size(), kDead);
  auto flatten = [&](StateId id) {
    if (!id.valid() || stateRange_[id.raw].first != kDead) return;
    const uint32_t first = uint32_t(statePool_.size());
    auto add = [&](ValueId v) {
      if (!v.valid()) return;
      useCount_[v.raw]++;
      const ValueId r = root[v.raw];
      if (role[r.raw] == Role::Const) {
        if (f[r].op == Op::AuxAddr) error = "a scratch address in a frame state";
        return;
      }
      if (stamp[r.raw] == id.raw) return;
      stamp[r.raw] = id.raw;
      statePool_.push_back(r);
    };
    for (StateId s = id; s.valid(); s = f[s].parent) {
      for (const StateSlot& slot : f[s].slots) add(slot.value);
      for (ValueId v : f[s].pending) add(v);
    }
    stateRange_[id.raw] = {first, uint32_t(statePool_.size()) - first};
  };
  for (uint32_t b : rpo) {
    for (ValueId v : f.blocks[b].phis)
      for (uint32_t i = 0; i < f[v].count; i++) useCount_[f.arg(v, i).raw]++;
    for (ValueId v : f.blocks[b].values) {
      for (uint32_t i = 0; i < f[v].count; i++) useCount_[f.arg(v, i).raw]++;
      flatten(f[v].state);
      flatten(f[v].after);
    }
  }
}

std::span<const ValueId> Analysis::stateValues(StateId s) const {
  if (!s.valid()) return {};
  return {statePool_.data() + stateRange_[s.raw].first, stateRange_[s.raw].count};
}

bool Analysis::stateShows(StateId s, ValueId v) const {
  for (ValueId x : stateValues(s))
    if (x == v) return true;
  return false;
}

void Analysis::fuse() {
  for (uint32_t b : rpo)
    for (size_t i = 0; i < f.blocks[b].values.size(); i++)
      if (takesTest(f[f.blocks[b].values[i]].op)) tryFuse(b, i);
  for (uint32_t b : rpo)
    for (size_t i = 0; i < f.blocks[b].values.size(); i++) fuseInner(b, i);
}

void Analysis::fuseInner(uint32_t block, size_t at) {
  const auto& values = f.blocks[block].values;
  const ValueId consumer = values[at];
  const ValueId compare = test[consumer.raw].valid() ? test[consumer.raw] : consumer;
  const Op op = f[compare].op;
  if ((op != Op::CmpI && op != Op::GuardCmp) || role[consumer.raw] != Role::Normal) return;
  const ValueId x = f.arg(compare, 0), c = root[f.arg(compare, 1).raw];
  if (f[c].op != Op::ConstI64 || useCount_[x.raw] != 1 || f[x].block != BlockId(block) || role[x.raw] != Role::Normal) return;
  const bool bits = f[x].op == Op::AndI && f[c].imm == 0;
  if (!bits && !comparable(f[x].op, f[c].imm, isConst(root[f.arg(x, 0).raw]))) return;
  for (size_t i = at; !bits && i-- > 0 && values[i] != x;)
    if (info(f[values[i]].op).effects & ~(EffPure | EffReads | EffGuard)) return;
  role[x.raw] = Role::Fused;
  inner[consumer.raw] = x;
  uses[consumer.raw] = uses[x.raw];
}

// Comparisons look at registers only and may move down to their consumer; IsKind and IsUnique read the object's head,
// which must still be what it was: nothing with an effect may lie between.
void Analysis::tryFuse(uint32_t block, size_t at) {
  const auto& values = f.blocks[block].values;
  const ValueId consumer = values[at];
  ValueId c = f.arg(consumer, 0);
  std::vector<ValueId> chain;
  bool invert = false;
  while (f[c].op == Op::NotB && useCount_[c.raw] == 1 && f[c].block == BlockId(block)) {
    chain.push_back(c);
    invert = !invert;
    c = f.arg(c, 0);
  }
  for (ValueId n : chain) role[n.raw] = Role::Fused;
  inverted[consumer.raw] = invert;
  if (!chain.empty()) uses[consumer.raw] = uses[chain.back().raw];
  if (!isTestOp(f[c].op) || useCount_[c.raw] != 1 || f[c].block != BlockId(block)) return;
  if (f[c].op == Op::IsKind || f[c].op == Op::IsUnique)
    for (size_t i = at; i-- > 0 && values[i] != c;)
      if (info(f[values[i]].op).effects & ~(EffPure | EffReads | EffGuard)) return;
  role[c.raw] = Role::Fused;
  test[consumer.raw] = c;
  uses[consumer.raw] = uses[c.raw];
}

void Analysis::dropDead() {
  for (size_t n = rpo.size(); n-- > 0;) {
    const auto& values = f.blocks[rpo[n]].values;
    for (size_t i = values.size(); i-- > 0;) {
      const ValueId v = values[i];
      const uint16_t effects = info(f[v].op).effects;
      if (role[v.raw] != Role::Normal || useCount_[v.raw] || effects & ~(EffPure | EffReads)) continue;
      role[v.raw] = Role::Dead;
      for (uint32_t k = 0; k < f[v].count; k++) useCount_[f.arg(v, k).raw]--;
    }
  }
}

}  // namespace od

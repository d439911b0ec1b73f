// Which values a block finds in registers.
//
// A block with one predecessor starts with its register file. A join takes the file of one predecessor (a hot one) as a
// template: what lies in a register on every hot path, or is used soon, stays there. A loop header may add what the loop
// will use soon and what lay in a slot so far; if the loop needs more registers than there are, values that merely live
// through it give way, and if it calls, only the callee-saved registers are worth holding anything across.
#include <algorithm>

#include "emit/regalloc.h"

namespace od {

EntryChooser::EntryChooser(const Analysis& a, Allocation& alloc)
    : a_(a), alloc_(alloc), distance_(a.f.values.size(), kDead), phiOf_(a.f.values.size()), wish_(a.f.values.size(), kNoReg) {
  for (uint32_t b : a.rpo)
    for (ValueId p : a.f.blocks[b].phis) {
      if (a.role[p.raw] != Role::Normal) continue;
      for (uint32_t i = 0; i < a.f[p].count; i++) {
        ValueId& phi = phiOf_[a.root[a.f.arg(p, i).raw].raw];
        if (!phi.valid() || a.depth[a.f[phi].block.raw] < a.depth[b]) phi = p;
      }
    }
}

uint8_t EntryChooser::hint(ValueId v) const {
  ValueId phi = phiOf_[v.raw];
  for (int chain = 0; phi.valid() && chain < 4; chain++, phi = phiOf_[phi.raw])   // a join's phi may end in a loop's
    if (wish_[phi.raw] != kNoReg) return wish_[phi.raw];
  return kNoReg;
}

void EntryChooser::defined(ValueId v, uint8_t reg) {
  const ValueId phi = phiOf_[v.raw];
  if (phi.valid() && wish_[phi.raw] == kNoReg) wish_[phi.raw] = reg;
}

void EntryChooser::choose(uint32_t b, const std::vector<uint8_t>& done) {
  if (BlockId(b) == a_.f.entry) return;
  for (const Live& l : a_.liveIn[b]) distance_[l.v.raw] = l.distance;
  const Block& block = a_.f.blocks[b];
  if (block.preds.size() == 1) inherit(b, block.preds[0].raw);
  else merge(b, done);
  for (const Live& l : a_.liveIn[b]) distance_[l.v.raw] = kDead;
}

void EntryChooser::inherit(uint32_t b, uint32_t pred) {
  for (uint8_t r = 0; r < 32; r++)
    if (const ValueId v = alloc_.exit[pred][r]; v.valid() && distance_[v.raw] != kDead) alloc_.entry[b][r] = v;
}

uint8_t EntryChooser::wishOf(uint32_t b, ValueId v, const RegFile& from, uint32_t edge, bool phi) const {
  (void)b;
  const ValueId x = phi ? a_.root[a_.f.arg(v, edge).raw] : v;
  for (uint8_t r = 0; r < 32; r++)
    if (from[r] == x) return r;
  return phi ? (wish_[v.raw] != kNoReg ? wish_[v.raw] : hint(v)) : kNoReg;
}

void EntryChooser::merge(uint32_t b, const std::vector<uint8_t>& done) {
  const Block& block = a_.f.blocks[b];
  bool loop = false;
  uint32_t from = kDead;
  for (uint32_t i = 0; i < block.preds.size(); i++) {
    const uint32_t p = block.preds[i].raw;
    if (a_.rpoNumber[p] == kDead) continue;
    if (!done[p]) loop = true;
    else if (from == kDead || (a_.f.blocks[block.preds[from].raw].cold && !a_.f.blocks[p].cold)) from = i;
  }
  const RegFile& file = alloc_.exit[block.preds[from].raw];
  auto heldOnHotPaths = [&](ValueId v) {
    for (BlockId p : block.preds) {
      if (!done[p.raw] || (a_.f[p].cold && !block.cold)) continue;
      const RegFile& other = alloc_.exit[p.raw];
      if (std::find(other.begin(), other.end(), v) == other.end()) return false;
    }
    return true;
  };
  std::vector<Candidate> candidates;
  for (const Live& l : a_.liveIn[b]) {
    const uint8_t wish = wishOf(b, l.v, file, from, false);
    if (wish == kNoReg ? loop && l.distance < kCallCost : loop || l.distance < kCallCost || heldOnHotPaths(l.v))
      candidates.push_back({l.v, l.distance, wish, false});
    else alloc_.slotUse[l.v.raw] |= kHasSlot | kStored;
  }
  for (ValueId p : block.phis)
    if (a_.role[p.raw] == Role::Normal && a_.nextAtDef[p.raw] != kDead)
      candidates.push_back({p, a_.nextAtDef[p.raw], wishOf(b, p, file, from, true), true});
  place(b, candidates, loop);
}

void EntryChooser::place(uint32_t b, std::vector<Candidate>& candidates, bool loop) {
  RegFile& file = alloc_.entry[b];
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& x, const Candidate& y) {
    return x.distance != y.distance ? x.distance < y.distance : x.phi > y.phi;
  });
  const bool calls = loop && a_.loopHasCall[b];
  uint32_t free[2] = {kGprPool, kXmmPool};
  const uint32_t size[2] = {10, 15};
  std::vector<Candidate> kept;
  uint32_t count[2] = {0, 0}, saved = 0;
  for (Candidate& c : candidates) {
    const int cls = a_.isFloat(c.v);
    const bool tight = loop && a_.loopPressure[cls][b] > size[cls];
    bool keep = count[cls] < size[cls] && !(tight && c.distance >= kLoopCost);
    if (keep && calls) {
      const bool across = !cls && saved < 2 && c.distance < kLoopCost;  // holds it across the call as well
      if (across) {
        const uint8_t r = (free[0] & kCalleeSaved & (c.wish < 32 ? bit(c.wish) : 0)) ? c.wish : uint8_t(__builtin_ctz(free[0] & kCalleeSaved));
        file[r] = c.v;
        free[0] &= ~bit(r);
        saved++;
        count[0]++;
        if (c.phi) wish_[c.v.raw] = r;
        continue;
      }
      keep = c.distance < kCallCost;
    }
    if (!keep) {
      alloc_.slotUse[c.v.raw] |= kHasSlot | kStored;
      continue;
    }
    count[cls]++;
    kept.push_back(c);
  }
  auto assign = [&](const Candidate& c, uint8_t r) {
    file[r] = c.v;
    free[a_.isFloat(c.v)] &= ~bit(r);
    if (c.phi) wish_[c.v.raw] = r;
  };
  std::vector<Candidate> homeless;
  for (bool phi : {false, true})   // what stays in place first
    for (const Candidate& c : kept) {
      if (c.phi != phi) continue;
      if (c.wish < 32 && (free[a_.isFloat(c.v)] & bit(c.wish))) assign(c, c.wish);
      else homeless.push_back(c);
    }
  for (const Candidate& c : homeless) {
    const uint32_t pool = free[a_.isFloat(c.v)];
    if (!pool) alloc_.slotUse[c.v.raw] |= kHasSlot | kStored;
    else assign(c, uint8_t(__builtin_ctz(pool)));
  }
}

}  // namespace od

// Spill slots: each value that needs one keeps it for its whole life; values that never live at the same time share.
// Lives are taken as one stretch of the emission order each, which errs on the safe side.
#include <algorithm>
#include <queue>

#include "emit/regalloc.h"

namespace od {
namespace {

struct Stretch {
  uint32_t start = kDead, end = 0;
  void cover(uint32_t at) {
    start = std::min(start, at);
    end = std::max(end, at);
  }
};

std::vector<Stretch> stretches(const Analysis& a, const Allocation& alloc) {
  const Function& f = a.f;
  std::vector<Stretch> s(f.values.size());
  auto cover = [&](ValueId v, uint32_t at) {
    if (alloc.slotUse[v.raw]) s[v.raw].cover(at);
  };
  uint32_t at = 0;
  for (uint32_t b : a.layout) {
    const Block& block = f.blocks[b];
    for (const Live& l : a.liveIn[b]) cover(l.v, at);
    for (ValueId p : block.phis) cover(p, at);
    for (ValueId v : block.values) {
      at++;
      if (!a.emitted(v)) continue;
      for (uint32_t i = 0; i < a.kills[v.raw].count; i++) cover(a.killPool[a.kills[v.raw].first + i], at);
      cover(v, at);
    }
    at++;
    for (BlockId next : block.succ) {
      if (!next.valid()) continue;
      for (const Live& l : a.liveIn[next.raw]) cover(l.v, at);
      const auto& preds = f[next].preds;
      const uint32_t edge = uint32_t(std::find(preds.begin(), preds.end(), BlockId(b)) - preds.begin());
      for (ValueId p : f[next].phis) cover(a.root[f.arg(p, edge).raw], at);
    }
    at++;
  }
  return s;
}

}  // namespace

void assignSlots(const Analysis& a, Allocation& alloc) {
  const std::vector<Stretch> lives = stretches(a, alloc);
  std::vector<uint32_t> order;
  for (uint32_t v = 0; v < lives.size(); v++)
    if (alloc.slotUse[v] && lives[v].start != kDead) order.push_back(v);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t x, uint32_t y) { return lives[x].start < lives[y].start; });
  using Busy = std::pair<uint32_t, uint32_t>;  // end, slot
  std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
  std::vector<uint32_t> free;
  alloc.slots = a.f.auxWords;
  for (uint32_t v : order) {
    while (!busy.empty() && busy.top().first < lives[v].start) {
      free.push_back(busy.top().second);
      busy.pop();
    }
    uint32_t slot = alloc.slots;
    if (free.empty()) alloc.slots++;
    else slot = free.back(), free.pop_back();
    alloc.slot[v] = slot;
    busy.push({lives[v].end, slot});
  }
}

}  // namespace od

// Emission order. Blocks are renumbered in reverse postorder, with the way out of a loop visited first so that it comes
// after the body, and cold blocks last. Unreachable blocks disappear.
#include <algorithm>
#include "opt/pipeline.h"

namespace od {
namespace {

void loopDepths(Function& f, const std::vector<BlockId>& order) {
  std::vector<uint32_t> rank(f.blocks.size(), ~0u);
  for (uint32_t i = 0; i < order.size(); i++) rank[order[i].raw] = i;
  for (auto& b : f.blocks) b.loopDepth = 0;
  for (BlockId h : order) {
    if (!f[h].loopHeader) continue;
    std::vector<uint8_t> in(f.blocks.size(), 0);
    std::vector<BlockId> work;
    in[h.raw] = 1;
    for (BlockId p : f[h].preds) if (rank[p.raw] != ~0u && rank[p.raw] >= rank[h.raw]) work.push_back(p);
    f[h].loopHeader = !work.empty();
    if (work.empty()) continue;
    while (!work.empty()) {
      BlockId b = work.back();
      work.pop_back();
      if (in[b.raw]) continue;
      in[b.raw] = 1;
      for (BlockId p : f[b].preds) work.push_back(p);
    }
    for (size_t i = 0; i < in.size(); i++) f.blocks[i].loopDepth += in[i];
  }
}

}  // namespace

std::vector<BlockId> reversePostorder(const Function& f) {
  std::vector<BlockId> post;
  std::vector<uint8_t> seen(f.blocks.size(), 0);
  std::vector<std::pair<BlockId, int>> stack{{f.entry, 0}};
  seen[f.entry.raw] = 1;
  auto later = [&](BlockId a, BlockId b) {   // should a be visited before b, and so come later?
    if (f[a].cold != f[b].cold) return f[a].cold;
    return f[a].loopDepth < f[b].loopDepth;
  };
  while (!stack.empty()) {
    auto& [b, k] = stack.back();
    const Block& block = f[b];
    BlockId first = block.succ[0], second = block.succ[1];
    // Default: visit succ[1] first, so that succ[0] follows its branch.
    if (first && second && !later(first, second)) std::swap(first, second);
    BlockId next = k == 0 ? first : k == 1 ? second : BlockId();
    if (k == 2) {
      post.push_back(b);
      stack.pop_back();
      continue;
    }
    k++;
    if (next && !seen[next.raw]) {
      seen[next.raw] = 1;
      stack.push_back({next, 0});
    }
  }
  std::reverse(post.begin(), post.end());
  return post;
}

void renumber(Function& f, const std::vector<BlockId>& order) {
  std::vector<uint32_t> rank(f.blocks.size(), ~0u);
  for (uint32_t i = 0; i < order.size(); i++) rank[order[i].raw] = i;
  std::vector<Block> blocks(order.size());
  auto map = [&](BlockId b) { return b && rank[b.raw] != ~0u ? BlockId(rank[b.raw]) : BlockId(); };
  for (BlockId b : order) {
    Block block = std::move(f[b]);
    for (BlockId& s : block.succ) s = map(s);
    for (ValueId v : block.phis) f[v].block = map(b);
    for (ValueId v : block.values) f[v].block = map(b);
    blocks[rank[b.raw]] = std::move(block);
  }
  // Unreachable predecessors take their phi operands with them.
  for (Block& b : blocks) {
    std::vector<BlockId> preds;
    std::vector<uint32_t> keep;
    for (uint32_t i = 0; i < b.preds.size(); i++)
      if (BlockId p = map(b.preds[i])) { preds.push_back(p); keep.push_back(i); }
    if (keep.size() != b.preds.size())
      for (ValueId v : b.phis) {
        for (uint32_t i = 0; i < keep.size(); i++) f.operands[f[v].first + i] = f.operands[f[v].first + keep[i]];
        f[v].count = (uint32_t)keep.size();
      }
    b.preds = std::move(preds);
  }
  f.entry = map(f.entry);
  f.blocks = std::move(blocks);
}


void layOut(Function& f) {
  loopDepths(f, reversePostorder(f));
  std::vector<BlockId> order = reversePostorder(f);
  std::stable_partition(order.begin(), order.end(), [&](BlockId b) { return !f[b].cold || b == f.entry; });
  renumber(f, order);
}

}  // namespace od

// Function units write their interpreter frame's header late: just before the first operation that may show it (an
// observable call, a loop's check of the world). A leaf function that does nothing observable never writes one. While a
// destructor runs, frames/world.cpp shows an unwritten frame.
//
// Assumes blocks without critical edges: a predecessor of a merge has one successor, so Publish can stand at its end.
#include <algorithm>
#include "opt/pipeline.h"
#include "support/helper_rows.h"

namespace od {
namespace {

bool needsFrame(const Value& x) {
  switch (x.op) {
    case Op::CallUnit: case Op::CheckWorld: return true;
    case Op::Call: case Op::CallArray: {
      const HelperInfo& row = helperInfo(Helper(x.aux));
      return row.observable || row.passFrame;
    }
    default: return false;
  }
}

// Blocks of the natural loop of header h (an index into order is not needed: walk predecessors).
std::vector<uint8_t> loopOf(const Function& f, BlockId h, const std::vector<uint32_t>& rank) {
  std::vector<uint8_t> in(f.blocks.size(), 0);
  in[h.raw] = 1;
  std::vector<BlockId> work;
  for (BlockId p : f[h].preds) if (rank[p.raw] >= rank[h.raw]) work.push_back(p);
  while (!work.empty()) {
    BlockId b = work.back();
    work.pop_back();
    if (in[b.raw]) continue;
    in[b.raw] = 1;
    for (BlockId p : f[b].preds) work.push_back(p);
  }
  return in;
}

ValueId makePublish(Function& f, BlockId b) {
  ValueId v = f.make(Op::Publish, std::initializer_list<ValueId>{});
  f[v].block = b;
  return v;
}

}  // namespace

void publishFrames(Function& f) {
  if (f.kind != UnitKind::Function) return;
  std::vector<BlockId> order = reversePostorder(f);
  std::vector<uint32_t> rank(f.blocks.size(), ~0u);
  for (uint32_t i = 0; i < order.size(); i++) rank[order[i].raw] = i;
  std::vector<uint8_t> needs(f.blocks.size(), 0), out(f.blocks.size(), 0);
  for (BlockId b : order)
    for (ValueId v : f[b].values) needs[b.raw] |= needsFrame(f[v]);
  for (BlockId b : order) {
    bool want = false;
    for (BlockId p : f[b].preds) if (rank[p.raw] < rank[b.raw]) want |= out[p.raw];
    if (f[b].loopHeader && !want) {
      std::vector<uint8_t> loop = loopOf(f, b, rank);
      for (size_t i = 0; i < loop.size(); i++) want |= loop[i] && needs[i];
    }
    if (want)
      for (BlockId p : f[b].preds)
        if (rank[p.raw] < rank[b.raw] && !out[p.raw]) {
          auto& vs = f[p].values;
          vs.insert(vs.end() - 1, makePublish(f, p));
          out[p.raw] = 1;
        }
    bool published = want;
    for (size_t i = 0; i < f[b].values.size(); i++) {
      ValueId v = f[b].values[i];
      if (!published && needsFrame(f[v])) {
        f[b].values.insert(f[b].values.begin() + (long)i, makePublish(f, b));
        published = true;
        i++;
      }
    }
    out[b.raw] = published;
  }
}

}  // namespace od

// Joins blocks that follow each other without a choice, and removes unreachable blocks. Phis with one predecessor cannot
// occur (the builder merges only several), so joining is moving values.
#include <algorithm>
#include "opt/pipeline.h"

namespace od {

void straighten(Function& f) {
  for (uint32_t a = 0; a < f.blocks.size(); a++) {
    for (;;) {
      Block& from = f.blocks[a];
      if (from.values.empty() || f[from.values.back()].op != Op::Jump) break;
      BlockId t = from.succ[0];
      Block& to = f[t];
      if (t.raw == a || to.preds.size() != 1 || !to.phis.empty() || to.values.empty() || t == f.entry) break;
      from.values.pop_back();
      for (ValueId v : to.values) {
        f[v].block = BlockId(a);
        from.values.push_back(v);
      }
      from.succ[0] = to.succ[0];
      from.succ[1] = to.succ[1];
      from.cold |= to.cold;
      if (to.loopDepth > from.loopDepth && a != f.entry.raw) from.loopDepth = to.loopDepth;
      for (BlockId s : to.succ)
        if (s) std::replace(f[s].preds.begin(), f[s].preds.end(), t, BlockId(a));
      to.values.clear();
      to.preds.clear();
      to.succ[0] = to.succ[1] = BlockId();
    }
  }
  renumber(f, reversePostorder(f));
}

}  // namespace od

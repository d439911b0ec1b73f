// Cancels a Retain with a later Release of the same value in the same block when nothing between them can tell: no
// operation that may run Python or look at reference counts, and none that gives the reference away.
//
// The builder retains borrowed values lazily and releases exactly where the interpreter does; what remains are pairs such
// as an element loaded, kept over an unobservable helper call, and dropped.
#include "opt/pipeline.h"

namespace od {
namespace {

// May something look at v's count, or let go of what v is borrowed from, while `x` runs?
bool opaque(const Function& f, const Value& x) {
  switch (x.op) {
    case Op::Call: case Op::CallArray: case Op::CallUnit: case Op::CheckWorld: case Op::StoreObj: case Op::StoreObjAt: case Op::StoreSlot:
    case Op::Unlink: case Op::Return:
      return true;
    case Op::Release: return !f[f.operands[x.first]].type.isLeaf();
    default: return (info(x.op).effects & EffTerminator) != 0;
  }
}

}  // namespace

void cancelReferences(Function& f) {
  for (auto& b : f.blocks) {
    std::vector<size_t> open;            // positions of Retains that could still be cancelled
    std::vector<uint8_t> gone(b.values.size(), 0);
    for (size_t i = 0; i < b.values.size(); i++) {
      const Value& x = f[b.values[i]];
      if (x.op == Op::Retain) { open.push_back(i); continue; }
      if (x.op == Op::Release) {
        ValueId v = f.operands[x.first];
        bool done = false;
        for (size_t k = open.size(); k-- > 0;)
          if (f.arg(b.values[open[k]], 0) == v) {
            gone[open[k]] = gone[i] = 1;
            open.erase(open.begin() + (long)k);
            done = true;
            break;
          }
        if (done) continue;
      }
      // A state in between that says the value is owned would find one reference too few.
      if (opaque(f, x)) { open.clear(); continue; }
      for (StateId s : {x.state, x.after}) {
        if (!s || open.empty()) continue;
        for (const StateSlot& slot : f[s].slots)
          for (size_t k = open.size(); k-- > 0;)
            if (slot.owned && slot.value == f.arg(b.values[open[k]], 0)) open.erase(open.begin() + (long)k);
        for (ValueId p : f[s].pending)
          for (size_t k = open.size(); k-- > 0;)
            if (p == f.arg(b.values[open[k]], 0)) open.erase(open.begin() + (long)k);
      }
    }
    std::vector<ValueId> kept;
    for (size_t i = 0; i < b.values.size(); i++) if (!gone[i]) kept.push_back(b.values[i]);
    b.values = std::move(kept);
  }
}

}  // namespace od

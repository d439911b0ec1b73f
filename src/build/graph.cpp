// Finds blocks, order and loops. Python's bytecode is reducible, also when entered in the middle: a cycle's header is then
// the first of its blocks that is reached. Entering an inner loop in its middle can still give a cycle two ways in: the
// retreating edge that closes it then leaves to the interpreter.
#include "build/graph.h"
#include <algorithm>
#include <functional>

namespace od {
namespace {

struct Finder {
  const Snapshot& s;
  Graph g;
  std::vector<int32_t> blockAt;          // instr index -> block, or -1
  std::vector<uint32_t> heads;           // block -> instr index
  std::vector<uint8_t> leader;
  uint32_t low = 0, high = ~0u;          // offsets that belong to the unit

  explicit Finder(const Snapshot& snap) : s(snap), blockAt(snap.instrs.size(), -1), leader(snap.instrs.size(), 0) {}

  // A Loop unit reaches from its head to the last jump back to it. One that is entered at a handler, out of the way of the
  // loops that it goes back to, has all that can be reached.
  void bounds() {
    if (s.kind != UnitKind::Loop) return;
    uint32_t end = s.entryPc;
    for (const Instr& in : s.instrs)
      if (instClass(in.op) == InstClass::Jump && in.target == s.entryPc && in.at > s.entryPc) end = std::max(end, in.next);
    if (end == s.entryPc) return;
    low = s.entryPc;
    high = end;
  }
  bool belongs(uint32_t i) const { return s.instrs[i].start >= low && s.instrs[i].start < high; }

  // The block that begins there.
  uint32_t block(uint32_t i) {
    if (blockAt[i] < 0) {
      blockAt[i] = int32_t(heads.size());
      heads.push_back(i);
    }
    return uint32_t(blockAt[i]);
  }

  uint32_t successor(uint32_t i) {
    if (belongs(i)) return block(i);
    g.leaving.push_back({i});
    return kLeaves | uint32_t(g.leaving.size() - 1);
  }

  int32_t index(uint32_t offset) const { return offset < s.at.size() ? s.at[offset] : -1; }

  bool leaves(const Instr& in) const {
    InstClass c = instClass(in.op);
    return c == InstClass::Leave || c == InstClass::Suspend;
  }

  // Marks leaders among what is reachable from `start`.
  bool reach(uint32_t start) {
    std::vector<uint32_t> work{start};
    std::vector<uint8_t> seen(s.instrs.size(), 0);
    leader[start] = 1;
    while (!work.empty()) {
      uint32_t i = work.back();
      work.pop_back();
      if (!belongs(i)) continue;
      for (; i < s.instrs.size() && !seen[i]; i++) {
        if (!belongs(i)) break;
        seen[i] = 1;
        const Instr& in = s.instrs[i];
        InstClass c = instClass(in.op);
        if (c == InstClass::Jump || c == InstClass::CondJump) {
          int32_t t = index(in.target);
          if (t < 0) return false;
          leader[t] = 1;
          work.push_back(t);
          if (c == InstClass::Jump) break;
          if (i + 1 >= s.instrs.size()) return false;
          leader[i + 1] = 1;
        }
        if (leaves(in)) break;
      }
      if (i >= s.instrs.size()) return false;
    }
    return true;
  }

  // Cuts what is reachable at the leaders; the blocks are in the order they are found in.
  void findBlocks(uint32_t start) {
    block(start);
    for (size_t n = 0; n < heads.size(); n++) {
      BytecodeBlock b;
      uint32_t i = b.first = heads[n];
      while (!leaves(s.instrs[i]) && instClass(s.instrs[i].op) != InstClass::Jump &&
             instClass(s.instrs[i].op) != InstClass::CondJump && !leader[i + 1] && belongs(i + 1))
        i++;
      b.last = i;
      const Instr& in = s.instrs[i];
      InstClass c = instClass(in.op);
      if (c == InstClass::Jump) b.succs = {successor((uint32_t)index(in.target))};
      else if (c == InstClass::CondJump) b.succs = {successor(i + 1), successor((uint32_t)index(in.target))};
      else if (!leaves(in)) b.succs = {successor(i + 1)};
      g.blocks.push_back(std::move(b));
    }
  }

  // A `for` loop tests at its head. Turned inside out (tested once before it, then at its end), the loop begins with the
  // store to the loop variable, and what the variable held before, nothing the first time, need not be carried around.
  bool rotate() {
    size_t n = g.blocks.size();
    for (uint32_t h = 0; h < n; h++) {
      const BytecodeBlock& head = g.blocks[h];
      if (!head.header || head.first != head.last || s.instrs[head.first].op != Inst::ForIter || head.rotated) continue;
      const BytecodeLoop& loop = *std::find_if(g.loops.begin(), g.loops.end(), [&](const BytecodeLoop& l) { return l.header == h; });
      BytecodeBlock tail = head;
      tail.rotated = true;
      uint32_t t = (uint32_t)g.blocks.size();
      for (uint32_t b = 0; b < n; b++)
        if (loop.contains[b])
          for (uint32_t& to : g.blocks[b].succs) if (to == h) to = t;
      g.blocks[h].rotated = true;
      g.blocks.push_back(std::move(tail));
      order();
      return true;
    }
    return false;
  }

  // Reverse postorder. Successors last to first, so that it keeps the source's order.
  void order() {
    size_t n = g.blocks.size();
    std::vector<uint32_t> post;
    std::vector<uint8_t> seen(n, 0);
    std::vector<std::pair<uint32_t, size_t>> stack{{0, 0}};
    seen[0] = 1;
    while (!stack.empty()) {
      auto& [b, k] = stack.back();
      if (k < g.blocks[b].succs.size()) {
        uint32_t t = g.blocks[b].succs[g.blocks[b].succs.size() - 1 - k];
        k++;
        if (!(t & kLeaves) && !seen[t]) { seen[t] = 1; stack.push_back({t, 0}); }
      } else {
        post.push_back(b);
        stack.pop_back();
      }
    }
    std::vector<uint32_t> rank(n, 0);
    for (size_t k = 0; k < post.size(); k++) rank[post[k]] = (uint32_t)(post.size() - 1 - k);
    std::vector<BytecodeBlock> blocks(post.size());
    for (uint32_t b : post) {
      BytecodeBlock block = std::move(g.blocks[b]);
      for (uint32_t& t : block.succs) if (!(t & kLeaves)) t = rank[t];
      block.header = false;
      block.loop = -1;
      blocks[rank[b]] = std::move(block);
    }
    g.blocks = std::move(blocks);
    g.loops.clear();
  }

  void loops() {
    size_t n = g.blocks.size();
    std::vector<std::vector<uint32_t>> preds(n);
    for (uint32_t b = 0; b < n; b++)
      for (uint32_t t : g.blocks[b].succs) if (!(t & kLeaves)) preds[t].push_back(b);
    std::vector<int32_t> idom(n, -1);
    idom[0] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (uint32_t b = 1; b < n; b++) {
        int32_t d = -1;
        for (uint32_t p : preds[b]) {
          if (idom[p] < 0) continue;
          if (d < 0) { d = (int32_t)p; continue; }
          int32_t x = (int32_t)p;
          while (x != d) { while (x > d) x = idom[x]; while (d > x) d = idom[d]; }
        }
        if (d != idom[b]) { idom[b] = d; changed = true; }
      }
    }
    auto dominates = [&](uint32_t a, uint32_t b) {
      while (b > a) b = (uint32_t)idom[b];
      return a == b;
    };
    for (uint32_t h = 0; h < n; h++) {
      std::vector<uint32_t> work;
      for (uint32_t p : preds[h])
        if (p >= h) {
          if (dominates(h, p)) { work.push_back(p); continue; }
          for (uint32_t& t : g.blocks[p].succs)
            if (t == h) {
              t = kLeaves | uint32_t(g.leaving.size());
              g.leaving.push_back({g.blocks[h].first});
            }
        }
      if (work.empty()) continue;
      BytecodeLoop loop;
      loop.header = h;
      loop.contains.assign(n, false);
      loop.contains[h] = true;
      while (!work.empty()) {
        uint32_t b = work.back();
        work.pop_back();
        if (loop.contains[b]) continue;
        loop.contains[b] = true;
        for (uint32_t p : preds[b]) work.push_back(p);
      }
      g.blocks[h].header = true;
      loop.parent = g.blocks[h].loop;   // headers come outermost first in reverse postorder
      int32_t id = (int32_t)g.loops.size();
      for (uint32_t b = 0; b < n; b++) if (loop.contains[b]) g.blocks[b].loop = id;
      assigned(loop);
      g.loops.push_back(std::move(loop));
    }
  }

  void assigned(BytecodeLoop& loop) {
    loop.assigned.assign(s.nlocalsplus, false);
    for (size_t b = 0; b < g.blocks.size(); b++) {
      if (!loop.contains[b]) continue;
      for (uint32_t i = g.blocks[b].first; i <= g.blocks[b].last; i++) {
        Inst op = s.instrs[i].op;
        if ((op == Inst::StoreFast || op == Inst::DeleteFast || op == Inst::LoadFastAndClear || op == Inst::MakeCell) &&
            (uint32_t)s.instrs[i].arg < s.nlocalsplus)
          loop.assigned[s.instrs[i].arg] = true;
      }
    }
  }
};

}  // namespace

Graph buildGraph(const Snapshot& s) {
  Finder f(s);
  f.bounds();
  int32_t start = f.index(s.entryPc);
  if (start < 0 || !f.reach((uint32_t)start)) {
    f.g.error = "instruction";
    return std::move(f.g);
  }
  f.findBlocks((uint32_t)start);
  f.order();
  f.loops();
  while (f.g.error.empty() && f.rotate()) f.loops();
  return std::move(f.g);
}

}  // namespace od

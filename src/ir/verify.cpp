// What must hold of a Function. verify() returns the first violation in words.
//
//  1. Every id (operand, block, state, value in a state) is in range; every placed value names the block it is placed in
//     and is placed once.
//  2. A block ends in exactly one terminator; phis come before it, in `phis`. Jump has one successor, Branch two different
//     ones, the other terminators none.
//  3. preds are exactly the blocks that name this one as a successor, once each; the entry has none.
//  4. A phi has one operand per predecessor, all of its own representation; operand i is available at the end of pred i.
//  5. Operand counts are those of the table, and operand representations those of the op (operandRep below).
//  6. A value's result representation is that of the table, or any but None for Phi, any for Call.
//  7. Every use is dominated by its definition: operands, and the values in the states of an op (`after` may also name the
//     op's own result). Parents of a state are states too, without cycles.
//  8. An op that leaves (effect G, except ops that can be proven not to) has a state; Branch and Jump have none.
//  9. A unit of kind Loop has no Return, Publish or Unlink. LoadSlot occurs in the entry block only.
// 10. No critical edges (a block with two successors leading to one with two predecessors): emit places moves on edges.
#include <algorithm>
#include "ir/ir.h"

namespace od {
namespace {

class Verifier {
 public:
  explicit Verifier(const Function& f) : f_(f) {}

  std::string run() {
    checkPlacement() && checkEdges() && checkStates() && computeDominators() && checkValues();
    return error_;
  }

 private:
  bool fail(const std::string& what) {
    if (error_.empty()) error_ = what;
    return false;
  }
  bool failAt(ValueId v, const std::string& what) { return fail(what + ": " + printValue(f_, v)); }

  bool checkPlacement();
  bool checkTerminator(uint32_t b);
  bool checkEdges();
  bool checkStates();
  bool computeDominators();
  bool checkValues();
  bool checkPhi(uint32_t b, ValueId v);
  bool checkValue(uint32_t b, uint32_t at, ValueId v);
  bool checkReps(ValueId v);
  bool checkState(ValueId user, uint32_t b, uint32_t at, StateId s, bool resultToo);
  bool dominates(BlockId a, BlockId b) const;
  // Is `v` available in block b just before its op number `at`?
  bool available(ValueId v, uint32_t b, uint32_t at) const;

  const Function& f_;
  std::string error_;
  std::vector<uint32_t> position_;  // of a value in its block; phis 0, others from 1
  std::vector<uint32_t> rpo_;       // number in reverse postorder; kNone: unreachable
  std::vector<uint32_t> idom_;
  std::vector<uint32_t> depth_;     // in the dominator tree, for quick queries
  static constexpr uint32_t kNone = 0xffffffffu;
};

bool Verifier::checkPlacement() {
  position_.assign(f_.values.size(), kNone);
  if (!f_.entry.valid() || f_.entry.raw >= f_.blocks.size()) return fail("no entry block");
  for (uint32_t b = 0; b < f_.blocks.size(); b++) {
    auto place = [&](ValueId v, uint32_t at) {
      if (v.raw >= f_.values.size()) return fail("block names a value out of range");
      if (position_[v.raw] != kNone) return failAt(v, "value is placed twice");
      if (f_[v].block != BlockId(b)) return failAt(v, "value does not name its block b" + std::to_string(b));
      position_[v.raw] = at;
      return true;
    };
    for (ValueId v : f_.blocks[b].phis) {
      if (!place(v, 0)) return false;
      if (f_[v].op != Op::Phi) return failAt(v, "not a phi, among the phis");
    }
    uint32_t at = 1;
    for (ValueId v : f_.blocks[b].values)
      if (!place(v, at++)) return false;
    if (!checkTerminator(b)) return false;
  }
  for (ValueId o : f_.operands)
    if (o.raw >= f_.values.size()) return fail("operand out of range");
  return true;
}

bool Verifier::checkTerminator(uint32_t b) {
  const Block& block = f_.blocks[b];
  const std::string name = "b" + std::to_string(b);
  if (block.values.empty()) return fail(name + " has no terminator");
  for (ValueId v : block.values) {
    const bool ends = info(f_[v].op).effects & EffTerminator;
    if (ends != (v == block.values.back())) return failAt(v, ends ? "terminator in the middle" : "block does not end in a terminator");
    if (f_[v].op == Op::Phi) return failAt(v, "phi among the values");
  }
  const Op op = f_[block.values.back()].op;
  const int want = op == Op::Branch ? 2 : op == Op::Jump ? 1 : 0;
  for (int i = 0; i < 2; i++) {
    if (block.succ[i].valid() != (i < want)) return fail(name + " has the wrong number of successors");
    if (i < want && block.succ[i].raw >= f_.blocks.size()) return fail(name + " leads nowhere");
  }
  if (want == 2 && block.succ[0] == block.succ[1]) return fail(name + " branches twice to one block");
  return true;
}

bool Verifier::checkEdges() {
  std::vector<uint32_t> in(f_.blocks.size(), 0);
  for (const Block& b : f_.blocks)
    for (BlockId s : b.succ)
      if (s.valid()) in[s.raw]++;
  for (uint32_t b = 0; b < f_.blocks.size(); b++) {
    const Block& block = f_.blocks[b];
    const std::string name = "b" + std::to_string(b);
    if (block.preds.size() != in[b]) return fail(name + " has wrong predecessors");
    for (BlockId p : block.preds) {
      if (p.raw >= f_.blocks.size()) return fail(name + " has a predecessor out of range");
      const Block& pred = f_[p];
      if (pred.succ[0] != BlockId(b) && pred.succ[1] != BlockId(b)) return fail(name + " names a predecessor that does not lead to it");
      if (std::count(block.preds.begin(), block.preds.end(), p) != 1) return fail(name + " names a predecessor twice");
      if (pred.succ[1].valid() && block.preds.size() > 1) return fail("critical edge b" + std::to_string(p.raw) + " -> " + name);
    }
  }
  if (!f_[f_.entry].preds.empty()) return fail("the entry has predecessors");
  return true;
}

bool Verifier::checkStates() {
  for (uint32_t s = 0; s < f_.states.size(); s++) {
    const FrameState& state = f_.states[s];
    const std::string name = "state s" + std::to_string(s);
    for (const StateSlot& slot : state.slots)
      if (slot.value.valid() && slot.value.raw >= f_.values.size()) return fail(name + " names a value out of range");
    for (ValueId v : state.pending)
      if (v.raw >= f_.values.size()) return fail(name + " names a pending value out of range");
    if (state.code >= f_.codes.size() || state.code >= f_.codeBase.size()) return fail(name + " names a code out of range");
    size_t steps = 0;
    for (StateId p = state.parent; p.valid(); p = f_[p].parent) {
      if (p.raw >= f_.states.size()) return fail(name + " has a parent out of range");
      if (++steps > f_.states.size()) return fail(name + " is its own ancestor");
    }
  }
  return true;
}

// Cooper, Harvey and Kennedy's iteration over reverse postorder.
bool Verifier::computeDominators() {
  const uint32_t n = uint32_t(f_.blocks.size());
  rpo_.assign(n, kNone);
  std::vector<uint32_t> order;
  std::vector<std::pair<uint32_t, int>> stack{{f_.entry.raw, 0}};
  std::vector<bool> seen(n, false);
  seen[f_.entry.raw] = true;
  while (!stack.empty()) {
    auto& [b, next] = stack.back();
    if (next == 2) {
      order.push_back(b);
      stack.pop_back();
      continue;
    }
    const BlockId s = f_.blocks[b].succ[next++];
    if (s.valid() && !seen[s.raw]) {
      seen[s.raw] = true;
      stack.push_back({s.raw, 0});
    }
  }
  std::reverse(order.begin(), order.end());
  for (uint32_t i = 0; i < order.size(); i++) rpo_[order[i]] = i;
  idom_.assign(n, kNone);
  idom_[f_.entry.raw] = f_.entry.raw;
  auto meet = [&](uint32_t a, uint32_t b) {
    while (a != b) {
      while (rpo_[a] > rpo_[b]) a = idom_[a];
      while (rpo_[b] > rpo_[a]) b = idom_[b];
    }
    return a;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t b : order) {
      if (b == f_.entry.raw) continue;
      uint32_t dom = kNone;
      for (BlockId p : f_.blocks[b].preds)
        if (rpo_[p.raw] != kNone && idom_[p.raw] != kNone) dom = dom == kNone ? p.raw : meet(dom, p.raw);
      if (dom != idom_[b]) idom_[b] = dom, changed = true;
    }
  }
  depth_.assign(n, 0);
  for (uint32_t b : order)
    if (b != f_.entry.raw) depth_[b] = depth_[idom_[b]] + 1;
  return true;
}

bool Verifier::dominates(BlockId a, BlockId b) const {
  if (rpo_[b.raw] == kNone) return true;  // unreachable: anything goes
  if (rpo_[a.raw] == kNone) return false;
  uint32_t x = b.raw;
  while (depth_[x] > depth_[a.raw]) x = idom_[x];
  return x == a.raw;
}

bool Verifier::available(ValueId v, uint32_t b, uint32_t at) const {
  if (position_[v.raw] == kNone) return false;
  const BlockId home = f_[v].block;
  return home == BlockId(b) ? position_[v.raw] < at : dominates(home, BlockId(b));
}

bool Verifier::checkValues() {
  for (uint32_t b = 0; b < f_.blocks.size(); b++) {
    for (ValueId v : f_.blocks[b].phis)
      if (!checkPhi(b, v)) return false;
    for (uint32_t i = 0; i < f_.blocks[b].values.size(); i++)
      if (!checkValue(b, i + 1, f_.blocks[b].values[i])) return false;
  }
  return true;
}

bool Verifier::checkPhi(uint32_t b, ValueId v) {
  const Block& block = f_.blocks[b];
  if (f_[v].count != block.preds.size()) return failAt(v, "phi without one operand per predecessor");
  if (f_[v].rep == Rep::None) return failAt(v, "phi without a representation");
  for (uint32_t i = 0; i < f_[v].count; i++) {
    if (f_[f_.arg(v, i)].rep != f_[v].rep) return failAt(v, "phi of mixed representations");
    if (!available(f_.arg(v, i), block.preds[i].raw, kNone)) return failAt(v, "phi operand is not available at its predecessor");
  }
  return true;
}

bool Verifier::checkValue(uint32_t b, uint32_t at, ValueId id) {
  const Value& v = f_[id];
  const OpInfo& op = info(v.op);
  if (op.operands >= 0 && v.count != uint32_t(op.operands)) return failAt(id, "wrong number of operands");
  if (!op.anyResult && v.rep != op.result) return failAt(id, "wrong result representation");
  for (uint32_t i = 0; i < v.count; i++)
    if (!available(f_.arg(id, i), b, at)) return failAt(id, "operand v" + std::to_string(f_.arg(id, i).raw) + " does not dominate");
  if (!checkReps(id)) return false;
  if (v.state.valid() && !checkState(id, b, at, v.state, false)) return false;
  if (v.after.valid() && !checkState(id, b, at, v.after, true)) return false;
  const bool provable = v.op == Op::DivF || v.op == Op::FloorDivI || v.op == Op::ModI || v.op == Op::ShlI || v.op == Op::ShrI;
  if ((op.effects & EffGuard) && !provable && !v.state.valid()) return failAt(id, "guard without a state");
  if (borrowsFrame(f_.kind) && (v.op == Op::Return || v.op == Op::Publish || v.op == Op::Unlink)) return failAt(id, "in a borrowed frame");
  if (f_.kind != UnitKind::Resume && (v.op == Op::StoreSlot || v.op == Op::Yield || v.op == Op::Finish)) return failAt(id, "not in a resume unit");
  if (v.op == Op::LoadSlot && BlockId(b) != f_.entry) return failAt(id, "LoadSlot outside the entry");
  return true;
}

// The representation an op wants of operand i; Rep::None: Obj or I64 (an address); Any is told apart by `any`.
Rep operandRep(Op op, uint32_t i, bool* any) {
  *any = false;
  switch (op) {
    case Op::LoadObj: case Op::LoadI64: case Op::LoadI32: case Op::LoadU32: case Op::LoadU8: case Op::LoadF64: return Rep::None;
    case Op::LoadObjAt: case Op::LoadField: return i == 0 ? Rep::None : Rep::I64;
    case Op::StoreObj: return i == 0 ? Rep::None : Rep::Obj;
    case Op::StoreI64: case Op::StoreI32: case Op::StoreU8: return i == 0 ? Rep::None : Rep::I64;
    case Op::StoreF64: return i == 0 ? Rep::None : Rep::F64;
    case Op::StoreObjAt: return i == 0 ? Rep::None : i == 1 ? Rep::I64 : Rep::Obj;
    case Op::GuardTrue: case Op::GuardFalse: case Op::NotB: case Op::Branch: case Op::BoxBool: case Op::BoolToInt: return Rep::Bool;
    case Op::GuardCmp: case Op::CmpI: case Op::BoxInt: case Op::IntToFloat: case Op::PolyLookup: return Rep::I64;
    case Op::AddI: case Op::SubI: case Op::MulI: case Op::NegI: case Op::AddWrap: case Op::SubWrap: case Op::FloorDivI:
    case Op::ModI: case Op::AndI: case Op::OrI: case Op::XorI: case Op::NotI: case Op::ShlI: case Op::ShrI: return Rep::I64;
    case Op::BoxFloat: case Op::AddF: case Op::SubF: case Op::MulF: case Op::DivF: case Op::NegF: case Op::SqrtF:
    case Op::AbsF: case Op::CmpF: return Rep::F64;
    case Op::GuardKind: case Op::GuardVersion: case Op::GuardIs: case Op::GuardNotNull: case Op::GuardNull: case Op::GuardBool:
    case Op::Retain: case Op::Release: case Op::UnboxInt: case Op::UnboxFloat: case Op::UnboxBool: case Op::IsSame:
    case Op::IsObj: case Op::IsKind: case Op::Return: case Op::CallUnit: case Op::StoreSlot: case Op::Yield: return Rep::Obj;
    default: *any = true; return Rep::None;
  }
}

bool Verifier::checkReps(ValueId id) {
  const Value& v = f_[id];
  for (uint32_t i = 0; i < v.count; i++) {
    bool any = false;
    const bool cell = v.op == Op::CallUnit && v.imm == 0 && i + 1 == v.count;   // the callee's CodeCell
    const Rep want = cell ? Rep::I64 : operandRep(v.op, i, &any);
    const Rep got = f_[f_.arg(id, i)].rep;
    if (got == Rep::None) return failAt(id, "operand has no value");
    if (any) continue;
    const bool address = want == Rep::None && (got == Rep::Obj || got == Rep::I64);
    if (!address && got != want) return failAt(id, "operand v" + std::to_string(f_.arg(id, i).raw) + " has the wrong representation");
  }
  return true;
}

bool Verifier::checkState(ValueId user, uint32_t b, uint32_t at, StateId s, bool resultToo) {
  if (s.raw >= f_.states.size()) return failAt(user, "state out of range");
  auto good = [&](ValueId v) { return !v.valid() || (resultToo && v == user) || (available(v, b, at) && f_[v].rep != Rep::None); };
  for (; s.valid(); s = f_[s].parent) {
    for (const StateSlot& slot : f_[s].slots)
      if (!good(slot.value)) return failAt(user, "v" + std::to_string(slot.value.raw) + " in state s" + std::to_string(s.raw) + " does not dominate");
    for (ValueId v : f_[s].pending)
      if (!good(v)) return failAt(user, "pending v" + std::to_string(v.raw) + " in state s" + std::to_string(s.raw) + " does not dominate");
  }
  return true;
}

}  // namespace

std::string verify(const Function& f) { return Verifier(f).run(); }

}  // namespace od

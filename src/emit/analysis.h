// What the allocator and the emitter need to know of a Function before either starts: which values exist as machine
// values at all, the order of blocks, loops, and how far each value's next use lies from any point.
//
// Values that never get a location of their own:
//   Const  constants and scratch addresses: made anew where they are used, described as themselves in frame states
//   Alias  guards whose result is their operand, and phis with one operand: the same register
//   Fused  comparisons whose only use is a branch or guard in the same block: emitted there, as flags; loads whose only
//          use is a comparison with a constant: its memory operand; bitwise ands that are only compared with 0: `test`
//   Dead   no use and no effect
#pragma once
#include <span>
#include <string>
#include <vector>
#include "ir/ir.h"

namespace od {

enum class Role : uint8_t { Normal, Const, Alias, Fused, Dead };

// Distances to the next use, in operations. What lies beyond something that costs more than the operations themselves
// is pushed away by the amount given here, so that one number orders values by how much a register does for them.
constexpr uint32_t kCallCost = 1u << 12;   // beyond a call: caller-saved registers are worth nothing
constexpr uint32_t kColdCost = 1u << 15;   // on a path that is rarely taken
constexpr uint32_t kLoopCost = 1u << 19;   // after the loop
constexpr uint32_t kFar = 1u << 28;        // shown by frame states only: any location will do
constexpr uint32_t kDead = 0xffffffffu;    // never used again

struct Live {
  ValueId v;
  uint32_t distance;
};

struct Range {
  uint32_t first = 0, count = 0;
};

class Analysis {
 public:
  explicit Analysis(const Function& f);

  const Function& f;
  std::string error;

  // --- values
  std::vector<Role> role;
  std::vector<ValueId> root;      // of an Alias: what it is; otherwise itself
  std::vector<Range> uses;        // operand range, of the fused comparison for its consumer
  std::vector<ValueId> test;      // Branch, GuardTrue, GuardFalse: the comparison fused into it
  std::vector<ValueId> inner;     // of the consumer of a comparison: the load or AndI fused into it, whose operands it has
  std::vector<uint8_t> inverted;  // ... and whether an odd number of NotB lay between
  std::vector<uint32_t> nextAt;   // by operand index: time of the next use after this one, in the block
  std::vector<uint32_t> nextAtDef;   // by value: time of the first use after its definition; phis: from the block's start
  std::vector<Range> kills;       // by value (an op): values whose last use it is, in killPool
  std::vector<ValueId> killPool;

  // --- blocks (unreachable ones are left out everywhere)
  std::vector<uint32_t> rpo;           // blocks in reverse postorder
  std::vector<uint32_t> rpoNumber;     // kDead: unreachable
  std::vector<uint32_t> layout;        // blocks in emission order: as given, cold ones last
  std::vector<uint32_t> loopOf;        // innermost loop's header block, or kDead
  std::vector<uint32_t> loopParent;    // by header: the enclosing loop's header
  std::vector<uint32_t> depth;         // number of loops around a block
  std::vector<std::vector<Live>> liveIn;   // without phis
  std::vector<uint32_t> pressure[2];   // by block: most values live at once, general and float
  std::vector<uint32_t> loopPressure[2];   // by header
  std::vector<uint8_t> loopHasCall;    // by header: a call on its hot paths

  bool isConst(ValueId v) const { return role[v.raw] == Role::Const; }
  ValueId arg(ValueId v, uint32_t i) const { return root[f.operands[uses[v.raw].first + i].raw]; }
  bool isFloat(ValueId v) const { return f[v].rep == Rep::F64; }
  bool emitted(ValueId v) const { return role[v.raw] == Role::Normal || (role[v.raw] == Role::Alias && f[v].op != Op::Phi); }
  // Distinct values shown by a state and its parents, without constants.
  std::span<const ValueId> stateValues(StateId s) const;
  bool stateShows(StateId s, ValueId v) const;
  // How far apart in time the ops of a block lie: calls take kCallCost.
  uint32_t cost(ValueId v) const { return info(f[v].op).effects & EffCall ? kCallCost : 1; }
  uint32_t edgeCost(uint32_t from, uint32_t to) const;

 private:
  void orderBlocks();
  void findLoops();
  void classify();
  void flattenStates();
  void fuse();
  void tryFuse(uint32_t block, size_t at);
  void fuseInner(uint32_t block, size_t at);
  void dropDead();
  void computeLiveness();  // liveness.cpp

  std::vector<Range> stateRange_;
  std::vector<ValueId> statePool_;
  std::vector<uint32_t> useCount_;
};

}  // namespace od

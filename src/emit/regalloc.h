// Register allocation: one forward walk over the blocks in reverse postorder, keeping a register file and evicting the
// value whose next use is farthest away.
//
// The one rule that makes it simple: a value that ever lacks a register is stored to its spill slot right at its
// definition (kStored), so a slot is valid wherever the value is; evicting is forgetting, and code is needed for reloads
// only. A slot belongs to one SSA value for its whole life, which is also what frame states want.
//
// At a block with several predecessors the register file is decided once (at loop headers: what the loop uses soonest,
// before what merely lives through it), and every edge gets the parallel move that brings it about. Blocks with one
// predecessor start with its file. Side exits take part in nothing: a state's values are wherever they are.
//
// The result is a plan; nothing is emitted here.
#pragma once
#include <array>
#include "emit/analysis.h"
#include "emit/shapes.h"

namespace od {

using RegFile = std::array<ValueId, 32>;

struct RegMove {
  uint8_t to, from;   // from == kNoReg: `v` from its slot, or made anew if it is a constant
  ValueId v;
};

struct OpPlan {
  Range moves;                                   // before the op, in order
  uint8_t operand[3] = {kNoReg, kNoReg, kNoReg};
  uint8_t result = kNoReg;
  uint8_t temp = kNoReg;
  uint32_t before = kDead;   // snapshot: the file when the exit is taken (calls: when the arguments are collected)
  uint32_t after = kDead;    // snapshot: what must be unchanged after a cold stub (calls: what survives the call)
};

constexpr uint8_t kHasSlot = 1;   // a slot is set aside
constexpr uint8_t kStored = 2;    // and written at the definition

struct Allocation {
  std::vector<OpPlan> plan;        // by value
  std::vector<RegMove> moves;
  std::vector<RegFile> snapshots;
  std::vector<RegFile> entry, exit;   // by block
  std::vector<uint8_t> slotUse;    // by value
  std::vector<uint32_t> slot;      // by value, kDead: none
  uint32_t slots = 0;              // words of spill area, scratch words included
  std::string error;
};

Allocation allocate(const Analysis& a);
void assignSlots(const Analysis& a, Allocation& alloc);  // slots.cpp

// Which values each join holds in which registers; block_entry.cpp.
class EntryChooser {
 public:
  EntryChooser(const Analysis& a, Allocation& alloc);
  // Fills alloc.entry[b]; values that get no register are marked kStored. `done` tells which blocks have their exit file.
  void choose(uint32_t b, const std::vector<uint8_t>& done);
  // Register that would save a move if v were defined in it, or kNoReg.
  uint8_t hint(ValueId v) const;
  void defined(ValueId v, uint8_t reg);

 private:
  struct Candidate {
    ValueId v;
    uint32_t distance;
    uint8_t wish;
    bool phi;
  };
  void inherit(uint32_t b, uint32_t pred);
  void merge(uint32_t b, const std::vector<uint8_t>& done);
  void place(uint32_t b, std::vector<Candidate>& candidates, bool loop);
  uint8_t wishOf(uint32_t b, ValueId v, const RegFile& from, uint32_t edge, bool phi) const;

  const Analysis& a_;
  Allocation& alloc_;
  std::vector<uint32_t> distance_;   // of values live into the current block
  std::vector<ValueId> phiOf_;       // a phi that takes the value
  std::vector<uint8_t> wish_;        // by phi: register some operand or the phi itself was given
};

}  // namespace od

// The control-flow graph of a unit's bytecode: basic blocks reachable from the entry along normal edges (handlers are
// entered through memory, as units of their own), in reverse postorder, with their natural loops. A Loop unit is its loop: ways out
// of it lead back to the interpreter.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "bytecode/code.h"

namespace od {

// A successor that is not compiled: the unit leaves there.
struct LeavingEdge {
  uint32_t instr;                   // index of the instruction the interpreter goes on with
};
constexpr uint32_t kLeaves = 0x80000000u;   // succs: kLeaves | index into Graph::leaving

struct BytecodeBlock {
  uint32_t first = 0, last = 0;     // indices into Snapshot::instrs, last included
  std::vector<uint32_t> succs;      // block indices: for CondJump the fall-through first; see kLeaves
  bool header = false;
  bool rotated = false;             // a loop's test that now stands before the loop, or at its end
  int32_t loop = -1;                // innermost loop
};

struct BytecodeLoop {
  uint32_t header = 0;              // block index
  int32_t parent = -1;
  std::vector<bool> contains;       // by block index
  std::vector<bool> assigned;       // by local: stored somewhere inside
};

struct Graph {
  std::vector<BytecodeBlock> blocks;   // in reverse postorder; [0] is the entry
  std::vector<BytecodeLoop> loops;
  std::vector<LeavingEdge> leaving;
  std::string error;                   // a refusal's reason row, or empty
};

Graph buildGraph(const Snapshot& s);

}  // namespace od

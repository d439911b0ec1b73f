// How many entries the value stack has at an instruction. The interpreter keeps that in a register while it runs, so a
// unit that is entered in the middle derives it.
#pragma once
#include "bytecode/code.h"

namespace od {

// -1: not reached from the start, or the bytecode is not consistent.
int32_t stackDepthAt(const Snapshot& s, uint32_t offset);

// The instruction that made entry `entry` (0: the bottom) of the value stack as it is before `offset`, where the stack has
// `depth` entries; null if that depends on the way there.
const Instr* madeBy(const Snapshot& s, uint32_t offset, int32_t depth, int32_t entry);

}  // namespace od

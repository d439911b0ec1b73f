// How many entries the value stack has at an instruction. The interpreter keeps that in a register while it runs, so a
// unit that is entered in the middle derives it.
#pragma once
#include "bytecode/code.h"

namespace od {

// -1: not reached from the start, or the bytecode is not consistent.
int32_t stackDepthAt(const Snapshot& s, uint32_t offset);

}  // namespace od

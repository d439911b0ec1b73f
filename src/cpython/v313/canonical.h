// CPython 3.13's opcodes as canonical instructions and feedback kinds.
#pragma once
#include "bytecode/code.h"

namespace od::v313 {

int cacheUnits(int opcode);       // inline cache entries behind a base opcode
int baseOpcode(int opcode);       // specialised -> base
Inst canonical(int baseOpcode);   // superinstructions: Unknown (decode splits them)
Spec specialisation(int opcode);  // what a specialised opcode says; None for a base opcode

}  // namespace od::v313

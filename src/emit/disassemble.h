// Machine code as text, beside the bytecode it came from.
#pragma once
#include <string>
#include "emit/emit.h"

namespace od {

std::string disassemble(const Assembled& code, const std::string& name);

struct MachineInstruction { size_t offset; std::string text; };
// Of code that lies at `code`; bytes that are none become `db`.
std::vector<MachineInstruction> disassemble(const uint8_t* code, size_t bytes);

}  // namespace od

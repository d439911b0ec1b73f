// Machine code as text, beside the bytecode it came from.
#pragma once
#include <string>
#include "emit/emit.h"

namespace od {

std::string disassemble(const Assembled& code, const std::string& name);

struct MachineInstruction { size_t offset; std::string text; };
// Bytes that are no instruction become `db`. Of placed code, with offsets and jumps as if both parts lay together.
std::vector<MachineInstruction> disassemble(const uint8_t* code, size_t bytes);
std::vector<MachineInstruction> disassemble(const CodePlace& place);

}  // namespace od

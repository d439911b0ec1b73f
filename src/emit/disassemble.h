// Machine code as text, beside the bytecode it came from.
#pragma once
#include <string>
#include "emit/emit.h"

namespace od {

std::string disassemble(const Assembled& code, const std::string& name);

}  // namespace od

#include "emit/disassemble.h"
#include <Zydis/Zydis.h>
#include <cstdio>

namespace od {

std::vector<MachineInstruction> disassemble(const uint8_t* code, size_t bytes) {
  std::vector<MachineInstruction> out;
  ZydisDisassembledInstruction in;
  for (size_t at = 0; at < bytes;) {
    if (ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, at, code + at, bytes - at, &in))) {
      out.push_back({at, in.text});
      at += in.info.length;
    } else {
      char text[16];
      std::snprintf(text, sizeof text, "db 0x%02x", code[at]);
      out.push_back({at++, text});
    }
  }
  return out;
}

std::string disassemble(const Assembled& code, const std::string& name) {
  std::string out = "machine code of " + name + ": " + std::to_string(code.code.size()) + " bytes, " +
                    std::to_string(code.spillSlots) + " spill slots\n";
  size_t range = 0;
  uint32_t pc = ~0u;
  for (const MachineInstruction& in : disassemble(code.code.data(), code.code.size())) {
    for (; range < code.pcs.size() && code.pcs[range].codeOffset <= in.offset; range++) {
      if (code.pcs[range].pc == pc) continue;
      pc = code.pcs[range].pc;
      out += "; bytecode " + std::to_string(pc) + "\n";
    }
    char offset[16];
    std::snprintf(offset, sizeof offset, "%6zx  ", in.offset);
    out += offset + in.text + "\n";
  }
  return out;
}

}  // namespace od

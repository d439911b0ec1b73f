#include "emit/disassemble.h"
#include <Zydis/Zydis.h>
#include <cstdio>

namespace od {

std::string disassemble(const Assembled& code, const std::string& name) {
  std::string out = "machine code of " + name + ": " + std::to_string(code.code.size()) + " bytes, " +
                    std::to_string(code.spillSlots) + " spill slots\n";
  size_t at = 0, range = 0;
  uint32_t pc = ~0u;
  ZydisDisassembledInstruction in;
  while (at < code.code.size()) {
    while (range < code.pcs.size() && code.pcs[range].codeOffset <= at) {
      if (code.pcs[range].pc != pc) {
        pc = code.pcs[range].pc;
        out += "; bytecode " + std::to_string(pc) + "\n";
      }
      range++;
    }
    char line[160];
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, at, code.code.data() + at, code.code.size() - at, &in))) {
      std::snprintf(line, sizeof line, "%6zx  db 0x%02x\n", at, code.code[at]);
      at++;
    } else {
      std::snprintf(line, sizeof line, "%6zx  %s\n", at, in.text);
      at += in.info.length;
    }
    out += line;
  }
  return out;
}

}  // namespace od

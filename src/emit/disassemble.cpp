#include "emit/disassemble.h"
#include <Zydis/Zydis.h>
#include <cstdio>
#include <cstring>
#include <map>

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

std::vector<MachineInstruction> disassemble(const CodePlace& p) {
  MachineCode code;   // as it was before it was placed
  code.hot = p.hotBytes;
  code.bytes.assign(p.hot, p.hot + p.hotBytes);
  if (p.cold) code.bytes.insert(code.bytes.end(), p.cold, p.cold + p.coldBytes);
  const int64_t apart = p.cold ? p.cold - (p.hot + p.hotBytes) : 0;
  ZydisDisassembledInstruction in;
  for (size_t at = 0; at < code.bytes.size(); at += in.info.length) {
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, at, code.bytes.data() + at, code.bytes.size() - at, &in))) break;
    const auto& raw = in.info.raw;
    if (!(in.info.attributes & ZYDIS_ATTRIB_IS_RELATIVE)) continue;
    const bool branch = raw.imm[0].is_relative;
    if ((branch ? raw.imm[0].size : raw.disp.size) != 32) continue;
    int32_t distance;
    uint8_t* field = code.bytes.data() + at + (branch ? raw.imm[0].offset : raw.disp.offset);
    std::memcpy(&distance, field, 4);
    const bool inHot = at < code.hot;
    const int64_t together = distance + (inHot ? -apart : apart), target = int64_t(at + in.info.length) + together;
    const bool crosses = inHot ? target >= code.hot && target < int64_t(code.bytes.size()) : target >= 0 && target < code.hot;
    if (!crosses) continue;
    distance = int32_t(together);
    std::memcpy(field, &distance, 4);
  }
  return disassemble(code.bytes.data(), code.bytes.size());
}

std::string disassemble(const Assembled& code, const std::string& name) {
  std::string out = "machine code of " + name + ": " + std::to_string(code.code.hot) + " bytes, " + std::to_string(code.code.cold()) + " cold, " +
                    std::to_string(code.spillSlots) + " spill slots\n";
  size_t range = 0;
  uint32_t pc = ~0u;
  std::map<size_t, const void*> targets;   // of calls and jumps, by where their displacement lies
  for (const Distance& d : code.code.distances)
    if (d.target) targets[d.at] = d.target;
  for (const MachineInstruction& in : disassemble(code.code.bytes.data(), code.code.size())) {
    for (; range < code.pcs.size() && code.pcs[range].codeOffset <= in.offset; range++) {
      if (code.pcs[range].pc == pc) continue;
      pc = code.pcs[range].pc;
      out += "; bytecode " + std::to_string(pc) + "\n";
    }
    if (in.offset == code.code.hot) out += "; cold\n";
    char text[64];
    std::snprintf(text, sizeof text, "%6zx  ", in.offset);
    out += text;
    if (auto target = targets.find(in.offset + 1); target != targets.end()) {
      std::snprintf(text, sizeof text, "%s 0x%zx", code.code.bytes[in.offset] == 0xE8 ? "call" : "jmp", size_t(target->second));
      out += text;
    } else {
      out += in.text;
    }
    out += "\n";
  }
  return out;
}

}  // namespace od

#include "emit/routines.h"

#include <asmjit/x86.h>

#include "emit/assembly.h"
#include "emit/exit_regs.h"

namespace od {

using namespace asmjit;

std::vector<uint8_t> makeExitStub(const void* odExit) {
  Assembly code;
  x86::Assembler& as = code.as;
  const int32_t size = sizeof(ExitRegs);
  as.lea(x86::rsp, x86::ptr(x86::rsp, -size));
  for (uint32_t r = 0; r < 16; r++) as.mov(x86::qword_ptr(x86::rsp, int32_t(8 * r)), x86::gpq(r));
  for (uint32_t r = 0; r < 16; r++) as.movsd(x86::qword_ptr(x86::rsp, int32_t(offsetof(ExitRegs, xmm) + 8 * r)), x86::xmm(r));
  as.mov(x86::rax, x86::qword_ptr(x86::rsp, size));
  as.mov(x86::qword_ptr(x86::rsp, int32_t(offsetof(ExitRegs, state))), x86::rax);
  as.mov(x86::qword_ptr(x86::rsp, int32_t(offsetof(ExitRegs, unit))), x86::r11);
  as.mov(x86::rdi, x86::rsp);
  as.and_(x86::rsp, -16);
  as.mov(x86::rax, Imm(uint64_t(odExit)));
  as.call(x86::rax);
  as.mov(x86::rdi, x86::r12);
  as.mov(x86::rsi, x86::rbx);
  code.popFrame();
  Label go = as.newLabel();
  as.test(x86::rdx, x86::rdx);
  as.jnz(go);
  as.ret();
  as.bind(go);
  as.jmp(x86::rdx);
  return code.finish();
}

std::vector<uint8_t> makePolyFind(const FieldTable& table) {
  Assembly code;
  x86::Assembler& as = code.as;
  const auto field = [](size_t offset) { return int32_t(offset); };
  const int32_t last = sizeof(PolyEntry) * (PolySite::kEntries - 1);
  const x86::Gp version = x86::eax;
  Label done = as.newLabel(), miss = as.newLabel();
  as.push(x86::rax);
  as.push(x86::rcx);
  as.mov(version, x86::dword_ptr(x86::rsp, 24));
  for (uint32_t i = 1; i < PolySite::kEntries; i++) {
    as.add(x86::r11, sizeof(PolyEntry));
    as.cmp(x86::dword_ptr(x86::r11, field(offsetof(PolyEntry, version))), version);
    as.short_().je(done);
  }
  as.mov(x86::ecx, x86::dword_ptr(x86::r11, field(offsetof(PolySite, nameHash)) - last));
  as.xor_(x86::ecx, version);
  as.and_(x86::ecx, table.count - 1);
  as.imul(x86::ecx, x86::ecx, table.entryBytes);
  as.add(x86::rcx, code.pool(uint64_t(table.entries)));
  as.cmp(x86::dword_ptr(x86::rcx, field(offsetof(PolyEntry, version))), version);
  as.short_().jne(miss);
  as.mov(x86::rax, x86::qword_ptr(x86::r11, field(offsetof(PolySite, name)) - last));
  as.cmp(x86::rax, x86::qword_ptr(x86::rcx, int32_t(table.nameOffset)));
  as.short_().jne(miss);
  as.cmp(x86::byte_ptr(x86::rcx, field(offsetof(PolyEntry, check))), 0);
  as.short_().je(miss);
  as.mov(x86::r11, x86::rcx);
  as.bind(done);
  as.pop(x86::rcx);
  as.pop(x86::rax);
  as.ret(8);
  as.bind(miss);
  as.xor_(x86::r11d, x86::r11d);
  as.short_().jmp(done);
  return code.finish();
}

}  // namespace od

#include "emit/exit_stub.h"

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

}  // namespace od

#include "emit/assembly.h"

namespace od {

using namespace asmjit;

Assembly::Assembly() {
  holder.init(Environment::host());
  holder.setErrorHandler(&errors_);
  holder.attach(&as);
  as.addEncodingOptions(EncodingOptions::kOptimizedAlign);   // nops of several bytes
}

x86::Mem Assembly::pool(uint64_t bits) {
  auto [it, isNew] = pool_.try_emplace(bits);
  if (isNew) it->second = as.newLabel();
  return x86::qword_ptr(it->second);
}

void Assembly::load(x86::Gp reg, int64_t imm) {
  if (imm == int64_t(uint32_t(imm))) as.mov(reg.r32(), Imm(uint32_t(imm)));
  else as.mov(reg.r64(), Imm(imm));
}

void Assembly::pushFrame(uint32_t bytes) {
  as.push(x86::rbp);
  stackIs(16);
  as.mov(x86::rbp, x86::rsp);
  stackIs(0);
  for (x86::Gp r : {x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15}) as.push(r);
  as.sub(x86::rsp, bytes);
}

void Assembly::popFrame() {
  as.lea(x86::rsp, x86::ptr(x86::rbp, -40));
  for (x86::Gp r : {x86::r15, x86::r14, x86::r13, x86::r12, x86::rbx, x86::rbp}) as.pop(r);
  stackIs(8);
}

void Assembly::stackIs(uint32_t depth) {
  if (!stack.empty() && stack.back().offset == offset()) stack.pop_back();
  if (stack.empty() || stack.back().depth != depth) stack.push_back({offset(), depth});
}

std::vector<uint8_t> Assembly::finish() {
  as.align(AlignMode::kData, 8);
  for (const auto& [bits, label] : pool_) {
    as.bind(label);
    as.embedUInt64(bits);
  }
  holder.flatten();
  holder.resolveUnresolvedLinks();
  holder.relocateToBase(0);
  std::vector<uint8_t> bytes(holder.codeSize());
  if (errors_.text.empty()) holder.copyFlattenedData(bytes.data(), bytes.size());
  else bytes.clear();
  return bytes;
}

}  // namespace od

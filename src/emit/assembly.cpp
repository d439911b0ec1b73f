#include "emit/assembly.h"

namespace od {

using namespace asmjit;

Assembly::Assembly(const Reach& reach) : reach_(reach) {
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

// Of a call or jump: its displacement is known when the code has a place.
void Assembly::toAddress(uint8_t opcode, const void* target) {
  as.db(opcode);
  distances_.push_back({offset(), target});
  as.dd(0);
}

void Assembly::callAddress(const void* target) {
  if (reach_.covers(target)) toAddress(0xE8, target);
  else as.call(pool(uint64_t(target)));
}

void Assembly::jumpAddress(const void* target) {
  if (reach_.covers(target)) toAddress(0xE9, target);
  else as.jmp(pool(uint64_t(target)));
}

void Assembly::goCold() {
  hot_ = as.offset();
  holder.newSection(&coldSection_, "cold", SIZE_MAX, SectionFlags::kExecutable, 1);
  as.section(coldSection_);
}

void Assembly::load(x86::Gp reg, int64_t imm) {
  if (imm == int64_t(uint32_t(imm))) as.mov(reg.r32(), Imm(uint32_t(imm)));
  else as.mov(reg.r64(), Imm(imm));
}

void Assembly::beginFrame() {
  stackIs(8);
  as.push(x86::rbp);
  stackIs(16);
  as.mov(x86::rbp, x86::rsp);
  stackIs(0);
}

void Assembly::endFrame() {
  as.pop(x86::rbp);
  stackIs(8);
}

void Assembly::compareWorld(int32_t evalBreaker) {
  as.mov(x86::r11, x86::qword_ptr(x86::r13, -kRecordSize));
  as.mov(x86::r11, x86::qword_ptr(x86::r11, int32_t(offsetof(UnitData, expected))));
  as.cmp(x86::r11, x86::qword_ptr(x86::r12, evalBreaker));
}

void Assembly::pushFrame(uint32_t bytes) {
  beginFrame();
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

MachineCode Assembly::finish() {
  MachineCode out;
  if (!pool_.empty()) as.align(AlignMode::kData, 8);
  for (const auto& [bits, label] : pool_) {
    as.bind(label);
    as.embedUInt64(bits);
  }
  out.hot = uint32_t(coldSection_ ? hot_ : as.offset());
  // What refers to a label in the other section has been left open so far.
  for (const LabelEntry* label : holder.labelEntries())
    for (const LabelLink* link = label->links(); link && coldSection_; link = link->next)
      distances_.push_back({uint32_t((link->sectionId == coldSection_->id() ? hot_ : 0) + link->offset) + link->format.valueOffset(), nullptr});
  holder.flatten();
  holder.resolveUnresolvedLinks();
  holder.relocateToBase(0);
  if (!errors_.text.empty()) return {};
  out.bytes.resize(holder.codeSize());
  holder.copyFlattenedData(out.bytes.data(), out.bytes.size());
  out.distances = std::move(distances_);
  return out;
}

}  // namespace od

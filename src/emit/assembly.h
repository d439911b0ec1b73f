// One piece of code being written: asmjit's assembler on two sections, hot and cold, a pool of constants behind the code,
// and the C frame that every unit sets up and the exit stub tears down.
#pragma once
#include <asmjit/x86.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "emit/machine_code.h"
#include "support/unit.h"

namespace od {

// Of a unit's NativeRecord, which lies just below r13.
constexpr int32_t kRecordSize = sizeof(NativeRecord);
constexpr int32_t kShownState = int32_t(offsetof(NativeRecord, state)) - kRecordSize;

class Assembly {
 public:
  explicit Assembly(const Reach& reach = {});
  asmjit::CodeHolder holder;
  asmjit::x86::Assembler as;

  // Address of a 64-bit constant behind the code.
  asmjit::x86::Mem pool(uint64_t bits);
  void callAddress(const void* target);
  void jumpAddress(const void* target);
  // Loads an immediate the shortest way that leaves the flags alone.
  void load(asmjit::x86::Gp reg, int64_t imm);
  void beginFrame();                // rbp chain, for those who walk along it
  void endFrame();
  // Flags: the unit's expectation against the eval breaker, which lies there in the thread state. Changes r11.
  void compareWorld(int32_t evalBreaker);
  void pushFrame(uint32_t bytes);   // rbp chain, callee-saved registers, then `bytes` (8 modulo 16)
  void popFrame();                  // from wherever rsp is
  // From here on the stack is as this row says (StackRow), whatever the code before has come to.
  void stackIs(uint32_t depth);
  std::vector<StackRow> stack;
  // What follows is cold, to the end.
  void goCold();
  uint32_t offset() const { return uint32_t(hot_ + as.offset()); }
  MachineCode finish();             // empty: see error()
  const std::string& error() const { return errors_.text; }

 private:
  struct Errors : asmjit::ErrorHandler {
    std::string text;
    void handleError(asmjit::Error error, const char* message, asmjit::BaseEmitter*) override {
      if (text.empty()) text = error == asmjit::kErrorOutOfMemory ? kOutOfMemory : message;
    }
  };
  void toAddress(uint8_t opcode, const void* target);
  Errors errors_;
  Reach reach_;
  asmjit::Section* coldSection_ = nullptr;
  size_t hot_ = 0;                  // bytes before the section being written
  std::vector<Distance> distances_;
  std::unordered_map<uint64_t, asmjit::Label> pool_;
};

}  // namespace od

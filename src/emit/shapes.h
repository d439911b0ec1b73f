// How each op uses registers: what the allocator must know of the code the emitter will write for it.
#pragma once
#include "emit/analysis.h"

namespace od {

// Registers are numbered 0-15 (general, as in machine code) and 16-31 (xmm).
constexpr uint8_t kNoReg = 0xff;
constexpr uint8_t kXmm = 16;
enum : uint8_t { rAX, rCX, rDX, rBX, rSP, rBP, rSI, rDI, r8n, r9n, r10n, r11n, r12n, r13n, r14n, r15n };
constexpr uint32_t bit(uint8_t r) { return 1u << r; }
constexpr uint32_t kCalleeSaved = bit(r14n) | bit(r15n);
constexpr uint32_t kGprPool = bit(rAX) | bit(rCX) | bit(rDX) | bit(rSI) | bit(rDI) | bit(r8n) | bit(r9n) | bit(r10n) | kCalleeSaved;
constexpr uint32_t kXmmPool = 0x7fffu << kXmm;

struct Shape {
  bool anywhere = false;     // operands are taken from wherever they lie (calls, Return)
  bool twoAddress = false;   // `dst = a; dst op= b`: dst must not be b's register, and wants to be a's
  bool commutative = false;
  bool late = false;         // the exit is taken after dst was written: dst must not be a register the state shows ...
  bool undo = false;         // ... but may be a's, since the exit restores it (a = dst - b)
  bool freshResult = false;  // dst must be none of the operands' registers
  bool stub = false;         // has a cold stub that calls C and must find registers unchanged afterwards
  bool notRcx = false;       // neither dst nor the temporary may be rcx
  uint8_t temps = 0;         // general temporaries besides r11
};

Shape shapeOf(const Analysis& a, ValueId v);
// May operand k, a constant, stay one (immediate, address or memory operand)? Otherwise it is loaded into a register.
bool constStays(const Analysis& a, ValueId v, uint32_t k);
inline bool fitsInt32(int64_t n) { return n == int32_t(n); }

}  // namespace od

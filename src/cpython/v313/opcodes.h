// Facts about 3.13's bytecode that the runtime needs without the compiler's decoder.
#pragma once
#include <cstdint>
#include <functional>
#include "cpython/v313/python.h"

namespace od {

int inlineCaches(uint8_t op);                       // units that follow a plain (unspecialised) instruction
bool isPlainCall(uint8_t op);                       // CALL in any of its forms, not instrumented
bool isCallKw(uint8_t op);
bool checksBreaker(uint8_t op);                     // a call instruction: serves pending work when it is done
bool isBackwardJump(uint8_t op);                    // JUMP_BACKWARD, instrumented or not
bool isResume(uint8_t op);                          // RESUME in any of its forms

struct PlainInstruction { uint32_t at; uint8_t op; uint32_t arg; };
// Calls `visit` for every instruction, without specialisation and instrumentation, EXTENDED_ARG folded in.
bool forEachInstruction(PyCodeObject* code, const std::function<void(const PlainInstruction&)>& visit);

}  // namespace od

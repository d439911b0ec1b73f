#pragma once
#include <cstdint>
#include <vector>

namespace od {

// Code of the common exit (EmitContext::exitStub): entered with the state id pushed and the UnitData* in r11, saves the
// registers as ExitRegs, asks `odExit` (an ExitFunction), tears down the unit's C frame and returns or jumps on.
std::vector<uint8_t> makeExitStub(const void* odExit);

}  // namespace od

// Code that all units share.
#pragma once
#include <cstdint>
#include <vector>
#include "support/poly_site.h"

namespace od {

// Code of the common exit (EmitContext::exitStub): entered with the state id pushed and the UnitData* in r11, saves the
// registers as ExitRegs, asks `odExit` (an ExitFunction), tears down the unit's C frame and returns or jumps on.
std::vector<uint8_t> makeExitStub(const void* odExit);

// Looks for a field beyond a site's first entry (EmitContext::polyFind): entered with the PolySite* in r11 and the version
// pushed, returns with the entry or null in r11 and the version popped. No other register changes.
std::vector<uint8_t> makePolyFind(const FieldTable& table);

}  // namespace od

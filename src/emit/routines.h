// Code that all units share.
#pragma once
#include <cstdint>
#include <vector>
#include "cpython/layout.h"
#include "emit/machine_code.h"
#include "support/poly_site.h"
#include "support/unit.h"

namespace od {

struct Routine {
  MachineCode code;               // empty: could not be made
  std::vector<StackRow> stack;
};

// Code of the common exit (EmitContext::exitStub): entered with the state id pushed and the UnitData* in r11, saves the
// registers as ExitRegs, asks `odExit` (an ExitFunction), tears down the unit's C frame and returns or jumps on.
Routine makeExitStub(const void* odExit);

// Looks for a field beyond a site's first entry (EmitContext::polyFind): entered with the PolySite* in r11 and the version
// pushed, returns with the entry or null in r11 and the version popped. No other register changes.
Routine makePolyFind(const FieldTable& table);

// Frees a dead object if it is a number (EmitContext::freeLeaf): entered with it in r11. Afterwards the flags say: zero, it
// is done; carry, it is a leaf, so nobody need be shown anything. No register changes but r11.
Routine makeFreeLeaf(const Layout& layout, const IntFreeList* ints);

// The destruction of a dead object that may look at the frame (EmitContext::releaseShown): entered with the object in rdx,
// the address of the frame's instruction in r11, the state's id in ecx, calls `release` as a function of (thread state,
// frame, object, record). Afterwards the zero flag says that the world is still as the unit expects. What C code may change
// changes.
Routine makeReleaseShown(const Layout& layout, const void* release);

}  // namespace od

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

// Code of the common exit (EmitContext::exitStub): entered with the state id pushed, saves the registers as ExitRegs,
// asks `odExit` (an ExitFunction), tears down the unit's C frame and returns or jumps on.
Routine makeExitStub(const void* odExit);

// Calls of helpers that others may look on at (EmitContext::shownHelpers): entered with the arguments but for those that
// passFrame adds. Afterwards the carry flag says that the helper has failed, or that the world is not as the unit expects.
struct ShownCalls : Routine {
  std::vector<uint32_t> at;       // by helper id: offset in the code, ~0: the helper is not observable
  std::vector<const void*> placedAt(const void* text) const;   // by helper id: addresses, or null
};
ShownCalls makeShownCalls(const Layout& layout, const Reach& reach, const void* const* helpers);

// Writes the header of the frame in rbx and makes it the thread's current one (EmitContext::publish). Changes r11 and
// xmm15 alone.
Routine makePublish(const Layout& layout);

// The end of a function (EmitContext::leave): jumped to with the result in rax, pops the frame and the C frame, returns.
Routine makeLeave(const Layout& layout);

// The world is not as the unit expects (EmitContext::askWorld): entered with the state that others see in ecx
// (Emitter::shownWord). Asks `checkWorld` (thread state, frame, record; not 0: leave) and leaves through that state, or
// returns; what C code may change has changed.
Routine makeAskWorld(const Layout& layout, const Reach& reach, const void* checkWorld, const void* exitStub);

// Looks for a field beyond a site's first entry (EmitContext::polyFind): entered with the PolySite* in r11 and the version
// pushed, returns with the entry or null in r11 and the version popped. No other register changes.
Routine makePolyFind(const FieldTable& table);

// Loads an attribute that is no field (EmitContext::polyLoad): entered with the PolyEntry* in r11 and the owner pushed, returns
// with the value, borrowed, or null in r11 and the owner popped. No other register changes.
Routine makePolyLoad(const Layout& layout);

// Frees a dead object if it is a number (EmitContext::freeLeaf): entered with it in r11. Afterwards the flags say: zero, it
// is done; carry, it is a leaf, so nobody need be shown anything. No register changes but r11.
Routine makeFreeLeaf(const Layout& layout, const IntFreeList* ints);

// The destruction of a dead object that may look at the frame (EmitContext::releaseShown): entered with the object in rdx and
// the state in ecx (Emitter::shownWord). With the carry flag set, as makeFreeLeaf's routine leaves it, calls
// `dealloc`. Otherwise calls `release` as a function of (thread state, frame, object, record) and leaves through that state if
// the world is not as the unit expects. What C code may change has changed afterwards.
struct Releasing { const void *release, *dealloc, *exitStub; };
Routine makeReleaseShown(const Layout& layout, const Reach& reach, const Releasing& how);

}  // namespace od

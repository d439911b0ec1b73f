// IR to machine code. Input: a verified Function without critical edges, blocks in emission order. Pure: addresses come
// in as data, code goes out as bytes.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "cpython/layout.h"
#include "emit/exit_map.h"
#include "emit/machine_code.h"
#include "ir/ir.h"
#include "support/unit.h"

namespace od {

struct EmitContext {
  const Layout* layout = nullptr;
  Reach reach;                            // where the code may come to lie
  const void* const* helpers = nullptr;   // by helper id
  UnitData* unitData = nullptr;           // only its address is used
  // Runtime routines with conventions of their own (frames/): see emit.cpp's opening comment.
  const void* const* shownHelpers = nullptr;   // by helper id, where there is one: see makeShownCalls
  const void* publish = nullptr;          // see routines.h for these three
  const void* leave = nullptr;
  const void* askWorld = nullptr;
  const void* exitStub = nullptr;         // common exit: state id pushed
  const void* freeLeaf = nullptr;         // last reference went, type unknown: see routines.h for these three
  const void* releaseShown = nullptr;     // the type may run code, which may look at the frame; leaves if the world changed
  const void* dealloc = nullptr;          // void (obj): nobody need be shown anything
  const void* polyFind = nullptr;         // PolyLookup's: see makePolyFind
  const void* polyLoad = nullptr;         // LoadField's: see makePolyLoad
  const void* boxIntSlow = nullptr;       // PyObject* (int64_t)
  const void* boxFloatSlow = nullptr;     // PyObject* (double)
  IntFreeList* intFreeList = nullptr;
  const void* unboxIntSlow = nullptr;     // (obj) -> rax = value, rdx = 1 if it fits
  const void* dropFrameObject = nullptr;  // int64_t (ts, frame, NativeRecord*): 0 it is gone and the frame unlinked, 1 leave
  const void* entrySlow = nullptr;        // PyObject* (ts, frame, func): interpret this call (frame not set up)
  bool countGuards = false;               // forced deopts (deopt:N): see emitForcedExit
  uint64_t* forcedCountdown = nullptr;    // decremented at every guard; 0 takes the exit
};

// Which instruction of which code (0: the unit's own, others inlined) the machine code runs, from an offset to the next row's.
struct PcRange { uint32_t codeOffset; uint32_t pc : 24, codeIndex : 8; };

// The same while the code lives, in a third of the room: it is seldom asked for.
class PcMap {
 public:
  PcMap() = default;
  explicit PcMap(const std::vector<PcRange>& ranges);
  std::vector<PcRange> ranges() const;

 private:
  std::vector<uint8_t> data_;
};

struct Assembled {
  MachineCode code;
  uint32_t entry = 0;                     // offset of the entry
  uint32_t spillSlots = 0;                // words of spill area behind the NativeRecord
  ExitMap exits;
  std::vector<PcRange> pcs;               // sorted by codeOffset
  std::vector<StackRow> stack;            // sorted by offset
  std::string error;                      // not empty: could not be emitted (the unit is declined)
};

Assembled emit(const Function& f, const EmitContext& ctx);

}  // namespace od

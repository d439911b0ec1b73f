// What the exit stub saves of compiled code's registers, for the runtime to read values from.
#pragma once
#include <cstdint>
#include "support/unit.h"

namespace od {

struct ExitRegs {
  uint64_t gpr[16];   // by machine number; rsp is not meaningful
  double xmm[16];
};

// What the runtime answers: with target null, return `result` to the unit's caller; otherwise jump to
// target(PyThreadState*, _PyInterpreterFrame*, result) in the unit's place.
struct ExitAnswer {
  void* result;
  void* target;
};
// With the thread, the frame and the spill area (as in compiled code's own registers), and the state's id in the unit's ExitMap.
using ExitFunction = ExitAnswer (*)(ExitRegs*, void* ts, void* frame, uint64_t* spill, UnitData* unit, uint64_t state);

}  // namespace od

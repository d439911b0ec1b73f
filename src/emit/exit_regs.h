// What the exit stub saves of compiled code's registers, for the runtime to read values from.
#pragma once
#include <cstdint>
#include "support/unit.h"

namespace od {

struct ExitRegs {
  uint64_t gpr[16];   // by machine number; rsp is not meaningful
  double xmm[16];
  uint64_t state;     // id in the unit's ExitMap
  UnitData* unit;
};

// What the runtime answers: with target null, return `result` to the unit's caller; otherwise jump to
// target(PyThreadState*, _PyInterpreterFrame*) in the unit's place.
struct ExitAnswer {
  void* result;
  void* target;
};
using ExitFunction = ExitAnswer (*)(ExitRegs*);

}  // namespace od

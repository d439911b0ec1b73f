// Parallel moves: many copies that happen at once (phis, edges between register files, call arguments), put into an order
// in which none overwrites what another still has to read.
#pragma once
#include <vector>
#include "ir/ir.h"

namespace od {

// 0-31 registers, kSlotPlace + n spill slots.
using Place = uint32_t;
constexpr Place kSlotPlace = 32;
constexpr Place kScratchPlace = 0xfffffffeu;  // r11, whatever the class: holds one value of a cycle
constexpr Place kConstPlace = 0xffffffffu;    // source only: `constant`

struct PlaceMove {
  Place to, from;
  ValueId constant;
};

// Each place is written once. Constants come last: loading one may need the scratch register.
std::vector<PlaceMove> sequence(const std::vector<PlaceMove>& moves);

}  // namespace od

// helpers.def as data, for emit: how a helper is called and what its failure looks like.
#pragma once
#include <cstdint>
#include "ir/types.h"

namespace od {

enum class Failure : uint8_t { Never, Null, Neg, One };

struct HelperRow {
  const char* name;
  const char* args;
  Rep result;        // Obj also for results that may be null
  Failure failure;
  bool observable;
  bool takesFrame;   // thread state and frame come first
};

const HelperRow& helperRow(uint32_t id);
uint32_t helperCount();

}  // namespace od

// What an instruction without usable feedback saw at run time: a slot for each, written by the generic helpers, read
// when the unit is compiled again.
#pragma once
#include <cstdint>
#include "ir/types.h"

namespace od {

struct TypeProfile {
  uint32_t lhs, rhs;  // a bit for each od::Kind seen on that side
  uint32_t count;     // executions, stops at its maximum
  uint32_t pad;
};
static_assert(sizeof(TypeProfile) == 16);

constexpr uint32_t kLearnt = 2000;   // executions after which the kinds seen are taken for what will come

// Exact type -> kind. The addresses of the builtin types are known at start only, so the multiplier of this perfect
// hash is searched for then (initKinds).
struct KindTable {
  static constexpr unsigned kBits = 7;
  const void* type[1u << kBits];
  Kind kind[1u << kBits];
  uint64_t multiplier;
};
extern KindTable kindTable;

// kindType: Layout.kindType. False if no multiplier was found.
bool initKinds(const void* const* kindType);

inline Kind kindOf(const void* type) {
  const uint64_t i = (reinterpret_cast<uint64_t>(type) * kindTable.multiplier) >> (64 - KindTable::kBits);
  return kindTable.type[i] == type ? kindTable.kind[i] : Kind::Other;
}

}  // namespace od

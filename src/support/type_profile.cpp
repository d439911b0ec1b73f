#include "support/type_profile.h"

namespace od {

KindTable kindTable;

static bool fill(uint64_t multiplier, const void* const* kindType) {
  KindTable t{};
  t.multiplier = multiplier;
  for (unsigned k = 0; k < unsigned(Kind::Count); k++) {
    if (!kindType[k]) continue;
    const uint64_t i = (reinterpret_cast<uint64_t>(kindType[k]) * multiplier) >> (64 - KindTable::kBits);
    if (t.type[i]) return false;
    t.type[i] = kindType[k];
    t.kind[i] = Kind(k);
  }
  kindTable = t;
  return true;
}

bool initKinds(const void* const* kindType) {
  // 27 keys in 128 places: about one multiplier in 20 has no collision.
  uint64_t m = 0x9E3779B97F4A7C15u;
  for (int i = 0; i < 100000; i++, m = m * 6364136223846793005u + 1442695040888963407u)
    if (fill(m | 1, kindType)) return true;
  return false;
}

}  // namespace od

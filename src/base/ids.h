// Typed 32-bit ids into dense arrays: a value id cannot be passed where a block id is meant.
#pragma once
#include <cstdint>
#include <functional>

namespace od {

template <class Tag> struct Id {
  static constexpr uint32_t kNone = 0xffffffffu;
  uint32_t raw = kNone;
  constexpr Id() = default;
  constexpr explicit Id(uint32_t r) : raw(r) {}
  constexpr bool valid() const { return raw != kNone; }
  constexpr explicit operator bool() const { return valid(); }
  friend constexpr bool operator==(Id a, Id b) { return a.raw == b.raw; }
  friend constexpr bool operator!=(Id a, Id b) { return a.raw != b.raw; }
  friend constexpr bool operator<(Id a, Id b) { return a.raw < b.raw; }
};

using ValueId = Id<struct ValueTag>;
using BlockId = Id<struct BlockTag>;
using StateId = Id<struct StateTag>;

}  // namespace od

template <class Tag> struct std::hash<od::Id<Tag>> {
  size_t operator()(od::Id<Tag> id) const noexcept { return id.raw; }
};

// Machine code before it has a place. It comes in two parts, which are placed apart: `hot`, and `cold`, what runs seldom,
// so that what runs often shares neither cache lines nor pages with it. Until then, and in every offset that speaks of the
// code, the cold part lies right behind the hot one.
#pragma once
#include <cstdint>
#include <vector>

namespace od {

// An error that says nothing about the code: there is no memory for it.
constexpr const char* kOutOfMemory = "out of memory";

// Four bytes in the code that hold the distance from their end to somewhere else.
struct Distance {
  uint32_t at;
  const void* target;   // null: in the other part
};

struct MachineCode {
  std::vector<uint8_t> bytes;
  uint32_t hot = 0;     // bytes of the first part
  std::vector<Distance> distances;

  uint32_t size() const { return uint32_t(bytes.size()); }
  uint32_t cold() const { return size() - hot; }
};

// Where the two parts of a piece of code lie; hot is null: nowhere (any more).
struct CodePlace {
  uint8_t *hot = nullptr, *cold = nullptr;
  uint32_t hotBytes = 0, coldBytes = 0;

  uint32_t size() const { return hotBytes + coldBytes; }
};

// Copies both parts to where they will run, and makes their distances right.
void link(const MachineCode& code, const CodePlace& place);

// The addresses where code may come to lie: what is less than 2 GiB away from all of them is called without a detour.
struct Reach {
  const void *low = nullptr, *high = nullptr;
  bool covers(const void* target) const;
};

}  // namespace od

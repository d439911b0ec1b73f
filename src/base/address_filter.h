// Which addresses have ever been noted: most that are asked about have not, and need not be looked for. Wrong only by saying
// yes; nothing is forgotten.
#pragma once
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace od {

class AddressFilter {
 public:
  void note(const void* p) { seen_[place(p)] = true; }
  bool mayHave(const void* p) const { return seen_[place(p)]; }

 private:
  static constexpr size_t kPlaces = 1 << 15;
  static size_t place(const void* p) {
    const uintptr_t bits = reinterpret_cast<uintptr_t>(p) >> 4;
    return (bits ^ bits >> 15) % kPlaces;
  }
  std::bitset<kPlaces> seen_;
};

}  // namespace od

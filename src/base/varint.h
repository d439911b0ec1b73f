// Numbers as varints: least significant seven bits first, a bit in front says that more follow.
#pragma once
#include <cstdint>
#include <vector>

namespace od {

inline void putVarint(std::vector<uint8_t>& out, uint64_t n) {
  for (; n >= 0x80; n >>= 7) out.push_back(uint8_t(n) | 0x80);
  out.push_back(uint8_t(n));
}

struct VarintReader {
  const uint8_t* p;
  uint64_t operator()() {
    uint64_t n = 0;
    for (int shift = 0;; shift += 7) {
      const uint8_t byte = *p++;
      n |= uint64_t(byte & 0x7f) << shift;
      if (!(byte & 0x80)) return n;
    }
  }
};

// Small negative numbers stay short.
inline uint64_t zigzag(uint64_t n) { return (n << 1) ^ uint64_t(int64_t(n) >> 63); }
inline uint64_t unzigzag(uint64_t n) { return (n >> 1) ^ (0 - (n & 1)); }

}  // namespace od

#include "emit/machine_code.h"

#include <cstring>

namespace od {

void link(const MachineCode& code, const CodePlace& p) {
  std::memcpy(p.hot, code.bytes.data(), code.hot);
  if (code.cold()) std::memcpy(p.cold, code.bytes.data() + code.hot, code.cold());
  const int64_t apart = p.cold - (p.hot + code.hot);
  for (const Distance& d : code.distances) {
    const bool inHot = d.at < code.hot;
    uint8_t* field = inHot ? p.hot + d.at : p.cold + (d.at - code.hot);
    int32_t distance;
    std::memcpy(&distance, field, 4);
    if (d.target) distance = int32_t(static_cast<const uint8_t*>(d.target) - (field + 4));
    else distance = int32_t(inHot ? distance + apart : distance - apart);
    std::memcpy(field, &distance, 4);
  }
}

bool Reach::covers(const void* target) const {
  constexpr int64_t kFar = 0x7fffffff;
  const auto t = reinterpret_cast<intptr_t>(target), l = reinterpret_cast<intptr_t>(low), h = reinterpret_cast<intptr_t>(high);
  return low && t - l < kFar && h - t < kFar;
}

}  // namespace od

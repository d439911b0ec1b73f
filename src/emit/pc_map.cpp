#include "base/varint.h"
#include "emit/emit.h"

namespace od {

namespace {
uint64_t whereOf(PcRange r) { return uint64_t(r.codeIndex) << 24 | r.pc; }
}  // namespace

// How far each range is from the one before: in the machine code, in the bytecode.
PcMap::PcMap(const std::vector<PcRange>& ranges) {
  std::vector<uint8_t> data;
  PcRange last{};
  for (PcRange r : ranges) {
    putVarint(data, r.codeOffset - last.codeOffset);
    putVarint(data, zigzag(whereOf(r) - whereOf(last)));
    last = r;
  }
  data_ = data;   // of just the size
}

std::vector<PcRange> PcMap::ranges() const {
  std::vector<PcRange> out;
  VarintReader get{data_.data()};
  uint64_t offset = 0, where = 0;
  while (get.p != data_.data() + data_.size()) {
    offset += get();
    where += unzigzag(get());
    out.push_back({uint32_t(offset), uint32_t(where & 0xFFFFFF), uint32_t(where >> 24)});
  }
  return out;
}

}  // namespace od

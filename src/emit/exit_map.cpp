// One record a state: varints, least significant seven bits first. Frame states are most of a unit's data, and most are
// never read, so they are kept small and decoded one at a time.
#include "emit/exit_map.h"

namespace od {
namespace {

constexpr uint32_t kAbsent = 0xffffffffu;

void put(std::vector<uint8_t>& out, uint64_t n) {
  for (; n >= 0x80; n >>= 7) out.push_back(uint8_t(n) | 0x80);
  out.push_back(uint8_t(n));
}

struct Reader {
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

// Small negative constants stay short.
uint64_t zigzag(uint64_t n) { return (n << 1) ^ uint64_t(int64_t(n) >> 63); }
uint64_t unzigzag(uint64_t n) { return (n >> 1) ^ (0 - (n & 1)); }

}  // namespace

void ExitMap::add(StateId id, const DecodedState& s) {
  if (offsets_.size() <= id.raw) offsets_.resize(id.raw + 1, kAbsent);
  offsets_[id.raw] = uint32_t(data_.size());
  put(data_, s.parent.valid() ? uint64_t(s.parent.raw) + 1 : 0);
  put(data_, s.code);
  put(data_, s.at);
  put(data_, s.resume);
  put(data_, uint64_t(s.kind) | uint64_t(s.published) << 2);
  put(data_, s.drop);
  put(data_, s.reason);
  put(data_, s.values.size());
  for (const ValueLocation& v : s.values) {
    put(data_, uint64_t(v.where) | uint64_t(v.rep) << 2 | uint64_t(v.owned) << 5);
    put(data_, v.where == Where::Const ? zigzag(v.payload) : v.payload);
  }
  put(data_, s.slots.size());
  for (int32_t i : s.slots) put(data_, uint64_t(i + 1));
  put(data_, s.pending.size());
  for (int32_t i : s.pending) put(data_, uint64_t(i + 1));
}

DecodedState ExitMap::decode(StateId id) const {
  Reader get{data_.data() + offsets_[id.raw]};
  DecodedState s;
  const uint64_t parent = get();
  if (parent) s.parent = StateId(uint32_t(parent - 1));
  s.code = uint32_t(get());
  s.at = uint32_t(get());
  s.resume = uint32_t(get());
  const uint64_t kind = get();
  s.kind = ExitKind(kind & 3);
  s.published = kind & 4;
  s.drop = uint16_t(get());
  s.reason = uint16_t(get());
  s.values.resize(get());
  for (ValueLocation& v : s.values) {
    const uint64_t head = get();
    v.where = Where(head & 3);
    v.rep = Rep((head >> 2) & 7);
    v.owned = (head >> 5) & 1;
    v.payload = v.where == Where::Const ? unzigzag(get()) : get();
  }
  s.slots.resize(get());
  for (int32_t& i : s.slots) i = int32_t(get()) - 1;
  s.pending.resize(get());
  for (int32_t& i : s.pending) i = int32_t(get()) - 1;
  return s;
}

bool ExitMap::has(StateId id) const { return id.raw < offsets_.size() && offsets_[id.raw] != kAbsent; }

}  // namespace od

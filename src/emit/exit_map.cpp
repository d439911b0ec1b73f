// One record a state. Frame states are most of a unit's data, and most are never read, so they are kept small and decoded
// one at a time. Numbers are varints. A value's first byte tells everything about most
// references in registers and slots; slots are two bits each, since most are null or the next value not shown yet.
#include "emit/exit_map.h"
#include <algorithm>
#include "base/varint.h"

namespace od {
namespace {

constexpr uint32_t kAbsent = 0xffffffffu;

// --- values: short ones are `payload << 2 | owned << 1 | in a slot`
constexpr uint64_t kShortPayload = 31;   // from here on, and for all others: this, with the rest behind it

void putValue(std::vector<uint8_t>& out, const ValueLocation& v) {
  const bool slot = v.where == Where::Spill;
  if (v.rep == Rep::Obj && (slot || v.where == Where::Gpr) && v.payload < kShortPayload)
    return putVarint(out, v.payload << 2 | uint64_t(v.owned) << 1 | slot);
  putVarint(out, kShortPayload << 2);
  putVarint(out, uint64_t(v.where) | uint64_t(v.rep) << 2 | uint64_t(v.owned) << 5);
  putVarint(out, v.where == Where::Const ? zigzag(v.payload) : v.payload);
}

ValueLocation getValue(VarintReader& get) {
  uint64_t head = get();
  if (head >> 2 < kShortPayload) return {head & 1 ? Where::Spill : Where::Gpr, Rep::Obj, (head & 2) != 0, head >> 2};
  head = get();
  const Where where = Where(head & 3);
  const uint64_t payload = get();
  return {where, Rep(head >> 2 & 7), (head >> 5 & 1) != 0, where == Where::Const ? unzigzag(payload) : payload};
}

// --- slots
enum : uint8_t { kNull = 0, kNext = 1, kOther = 2 };

void putSlots(std::vector<uint8_t>& out, const std::vector<int32_t>& slots) {
  putVarint(out, slots.size());
  std::vector<int32_t> others;
  int32_t next = 0;
  uint8_t bits = 0;
  for (size_t k = 0; k < slots.size(); k++) {
    const uint8_t code = slots[k] < 0 ? kNull : slots[k] == next ? kNext : kOther;
    if (code == kNext) next++;
    if (code == kOther) others.push_back(slots[k]);
    bits |= uint8_t(code << 2 * (k % 4));
    if (k % 4 != 3 && k + 1 != slots.size()) continue;
    out.push_back(bits);
    bits = 0;
  }
  for (int32_t i : others) putVarint(out, uint64_t(i));
}

std::vector<int32_t> getSlots(VarintReader& get) {
  std::vector<int32_t> slots(get());
  const uint8_t* bits = get.p;
  get.p += (slots.size() + 3) / 4;
  int32_t next = 0;
  for (size_t k = 0; k < slots.size(); k++) {
    const uint8_t code = bits[k / 4] >> 2 * (k % 4) & 3;
    slots[k] = code == kNull ? -1 : code == kNext ? next++ : int32_t(get());
  }
  return slots;
}

// What most states have none of is told by a bit that says that there is some.
enum : uint8_t { kKind = 3, kPublished = 4, kParent = 8, kCode = 16, kDrop = 32, kPending = 64, kKnown = 128 };

uint8_t headOf(const DecodedState& s) {
  return uint8_t(uint8_t(s.kind) | (s.published ? kPublished : 0) | (s.parent.valid() ? kParent : 0) | (s.code ? kCode : 0) |
                 (s.drop ? kDrop : 0) | (s.pending.empty() ? 0 : kPending));
}

}  // namespace

// Neighbours often hold the same values in the same places: those are written once.
uint32_t ExitMap::findPlaces(const std::vector<uint8_t>& places) const {
  constexpr size_t kBack = 16;
  for (size_t i = places_.size(); i-- > 0 && places_.size() - i <= kBack;) {
    const auto [at, size] = places_[i];
    if (size == places.size() && std::equal(places.begin(), places.end(), data_.begin() + at)) return at;
  }
  return kAbsent;
}

void ExitMap::add(StateId id, const DecodedState& s) {
  std::vector<uint8_t> places;
  putVarint(places, s.values.size());
  for (const ValueLocation& v : s.values) putValue(places, v);
  putSlots(places, s.slots);
  const uint32_t known = findPlaces(places);

  if (offsets_.size() <= id.raw) offsets_.resize(id.raw + 1, kAbsent);
  const auto at = uint32_t(data_.size());
  offsets_[id.raw] = at;
  data_.push_back(headOf(s) | (known == kAbsent ? 0 : kKnown));
  putVarint(data_, s.at);
  putVarint(data_, zigzag(uint64_t(s.resume) - s.at));
  putVarint(data_, s.reason);
  if (s.parent.valid()) putVarint(data_, s.parent.raw);
  if (s.code) putVarint(data_, s.code);
  if (s.drop) putVarint(data_, s.drop);
  if (!s.pending.empty()) {
    putVarint(data_, s.pending.size());
    for (int32_t i : s.pending) putVarint(data_, uint64_t(i + 1));
  }
  if (known != kAbsent) return putVarint(data_, at - known);
  places_.push_back({uint32_t(data_.size()), uint32_t(places.size())});
  data_.insert(data_.end(), places.begin(), places.end());
}

DecodedState ExitMap::decode(StateId id) const {
  VarintReader get{data_.data() + offsets_[id.raw]};
  const uint8_t head = *get.p++;
  DecodedState s;
  s.kind = ExitKind(head & kKind);
  s.published = head & kPublished;
  s.at = uint32_t(get());
  s.resume = uint32_t(s.at + unzigzag(get()));
  s.reason = uint16_t(get());
  if (head & kParent) s.parent = StateId(uint32_t(get()));
  s.code = head & kCode ? uint32_t(get()) : 0;
  s.drop = head & kDrop ? uint16_t(get()) : 0;
  if (head & kPending) s.pending.resize(get());
  for (int32_t& i : s.pending) i = int32_t(get()) - 1;
  if (head & kKnown) get.p = data_.data() + offsets_[id.raw] - get();
  s.values.resize(get());
  for (ValueLocation& v : s.values) v = getValue(get);
  s.slots = getSlots(get);
  return s;
}

// What the frame state itself says is the same in any case.
bool ExitMap::isSame(StateId id, const DecodedState& s) const {
  VarintReader get{data_.data() + offsets_[id.raw]};
  const uint8_t head = *get.p++;
  if ((head & ~kKnown) != headOf(s)) return false;
  for (int i = 0; i < 3; i++) get();   // at, resume, reason
  if (head & kParent && get() != s.parent.raw) return false;
  if (head & kCode) get();
  if (head & kDrop) get();
  if (head & kPending)
    for (uint64_t n = get(); n > 0; n--) get();
  if (head & kKnown) get.p = data_.data() + offsets_[id.raw] - get();
  if (get() != s.values.size()) return false;
  for (const ValueLocation& v : s.values)
    if (const ValueLocation mine = getValue(get); mine.where != v.where || mine.payload != v.payload) return false;
  return true;
}

uint32_t ExitMap::at(StateId id) const { return uint32_t(VarintReader{data_.data() + offsets_[id.raw] + 1}()); }

void ExitMap::done() { places_ = {}; }

bool ExitMap::has(StateId id) const { return id.raw < offsets_.size() && offsets_[id.raw] != kAbsent; }

}  // namespace od

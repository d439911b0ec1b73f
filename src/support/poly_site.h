// The memory of an attribute access or call that sees several classes or callees. Compiled code looks up an entry inline
// (PolyLookup); helpers fill it. Lives as long as the process, like the profile it belongs to.
#pragma once
#include <cstdint>

namespace od {

struct PolyEntry {
  uint32_t version = ~0u;         // attributes: version tag of the owner's type; ~0: empty (0 is a changed class's)
  uint32_t at = 0;                // loads and stores: index of the inline value
  const void* key = nullptr;      // calls: the code object
  void* object = nullptr;         // calls: its CodeCell
};

struct PolySite {
  static constexpr int kEntries = 4;
  PolyEntry entries[kEntries];
  uint32_t next = 0;              // replaced next
  PolyEntry& fresh() { return entries[next++ % kEntries]; }
};
static_assert(sizeof(PolyEntry) == 24);

}  // namespace od

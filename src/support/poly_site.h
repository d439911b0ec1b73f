// The memory of an attribute access or call that sees several classes or callees. Compiled code looks up an entry inline
// (PolyLookup); helpers fill it. Lives as long as the process, like the profile it belongs to.
//
// A field is named by its distance from the owner and by a byte of the owner that is not 0 while the field is there: for
// inline values the byte that says whether they are valid, for slots a byte of the type's address. One test serves both.
#pragma once
#include <cstddef>
#include <cstdint>

namespace od {

struct PolyEntry {
  uint32_t version = ~0u;         // attributes: version tag of the owner's type; ~0: empty (0 is a changed class's)
  uint32_t at = 0;                // fields: distance in words
  union {
    uint8_t check;                // fields: distance of the byte that must not be 0; 0: there is no field
    const void* key = nullptr;    // calls: the code object
  };
  void* object = nullptr;         // calls: its CodeCell
};
static_assert(sizeof(PolyEntry) == 24 && offsetof(PolyEntry, check) == 8);

struct PolySite {
  static constexpr uint32_t kEntries = 4;
  PolyEntry entries[kEntries];
  uint32_t next = 0;              // filled or replaced next
  uint32_t methods = 0;           // calls: how often a bound method was called; stops at kLearnt
  uint32_t nameHash = 0;          // attributes: where to look when the site has seen more classes than it has entries
  const void* name = nullptr;
  PolyEntry& fresh() { return entries[next++ % kEntries]; }
};

// The table of all classes' attributes (helpers_attr_cache.h), as compiled code sees it.
struct FieldTable {
  const void* entries;            // each begins as a PolyEntry does, but for a name in place of the object
  uint32_t count, entryBytes, nameOffset;
};
FieldTable fieldTable();
inline uint32_t hashOfName(const void* name) { return uint32_t(reinterpret_cast<uintptr_t>(name) >> 4) * 0x9E3779B1u >> 12; }

}  // namespace od

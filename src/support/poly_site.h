// The memory of an attribute access or call that sees several classes or callees. Compiled code looks up an entry inline
// (PolyLookup); helpers fill it. Lives as long as the process, like the profile it belongs to.
//
// A field is named by its distance from the owner and by a byte of the owner that is not 0 while the field is there: for
// inline values the byte that says whether they are valid, for slots a byte of the type's address. One test serves both. For an
// attribute in another place that byte is always 0, and a shared routine goes on (makePolyLoad in emit/routines.h).
//
// What the class has of the same name is hidden by an instance's attribute as long as its type has no __set__, and is the
// attribute where the instance has none as long as its type has no __get__. Both may come later if that type is mutable.
#pragma once
#include <cstddef>
#include <cstdint>

namespace od {

// Where an attribute is. `at` and `found` are those of its entry.
enum class AttrPlace : uint8_t {
  Elsewhere,     // the general lookup has to be done
  Value,         // inline value of the instance, `at` words behind its address
  Slot,          // pointer in the instance (__slots__), likewise
  ValueOver,     // as Value, and the class has `found`
  SplitDict,     // in the instance's dict, at index `at` of its values while it has the class's keys; the class may have `found`
  Dict,          // in the instance's dict, where entry `at` has the name; the class may have `found`
  TypeOf,        // __class__, which is the type
  OfClass,       // the owner is a class: `found` while the class has the version `at`, and is no descriptor
  Method,        // unbound method in the class; see Absence in helpers_attr_cache.h
  ClassMethod,   // classmethod in the class; see Absence
  Constant,      // object in the class that is no descriptor; see Absence
  Module,        // entry of the module's dict
  Property,      // exact property in the class: what its getter returns
};

struct PolyEntry {
  uint32_t version = ~0u;         // attributes: version tag of the owner's type; ~0: empty (0 is a changed class's)
  uint32_t at = 0;                // fields: distance in words; else see AttrPlace
  union {
    struct {
      uint8_t check;              // attributes: distance of the byte that must not be 0; 0: only helpers can make use of it
      AttrPlace place;
    } field;
    const void* key = nullptr;    // calls: the code object
  };
  void* object = nullptr;         // calls: its CodeCell; attributes: the name
  const void* found = nullptr;    // attributes: see AttrPlace
};
static_assert(sizeof(PolyEntry) == 32 && offsetof(PolyEntry, field) == 8);

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
  const void* entries;            // as a PolyEntry each
  uint32_t count;
};
FieldTable fieldTable();
inline uint32_t hashOfName(const void* name) { return uint32_t(reinterpret_cast<uintptr_t>(name) >> 4) * 0x9E3779B1u >> 12; }

}  // namespace od

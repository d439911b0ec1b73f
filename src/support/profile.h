// What was learnt about one code object while it ran: which guesses failed, which types generic instructions met, which
// handlers are reached. Written by running code and by frames/exit, read by the compiler through its snapshot.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>
#include "base/slab.h"
#include "support/poly_site.h"
#include "support/type_profile.h"

namespace od {

struct Profile {
  // A guess is named by the instruction it was made for and the reason (reasons.def) its failure gives.
  using Guess = std::pair<uint32_t, uint16_t>;

  bool isKnownToFail(uint32_t pc, uint16_t reason) const { return failed.count({pc, reason}) != 0; }
  // The slot of an instruction; helpers receive its address, which stays as long as the process (node-based map, and
  // profiles of what has been compiled are never freed).
  TypeProfile* typesAt(uint32_t pc) { return &types[pc]; }
  bool callsMethods(uint32_t pc) {
    auto it = siteFrom(pc);
    return it != sites.end() && it->first == pc && it->second->methods >= kLearnt;
  }
  PolySite* siteAt(uint32_t pc) {
    static auto* slab = new Slab<PolySite>();
    auto it = siteFrom(pc);
    if (it == sites.end() || it->first != pc) it = sites.insert(it, {pc, slab->make()});
    return it->second;
  }

  std::set<Guess> failed;                     // the compiler must not make these again
  struct Failures {
    uint64_t times = 0;    // in all
    uint64_t lately = 0;   // since the unit had been entered `since` times
    uint64_t since = 0;
    int renewed = 0;       // times that the unit was made anew with a fresh guess
  };
  std::map<Guess, Failures> failures;         // of each guess
  std::vector<std::pair<uint32_t, PolySite*>> sites;   // by pc: attribute accesses and calls that are polymorphic
  std::map<uint32_t, TypeProfile> types;      // by pc
  std::map<uint32_t, uint64_t> handlerRaises; // by handler pc: exceptions that arrived from compiled functions
  std::map<uint32_t, uint64_t> loopRaises;    // and from loops that run on the interpreter's frame
  uint32_t recompiled = 0;

 private:
  std::vector<std::pair<uint32_t, PolySite*>>::iterator siteFrom(uint32_t pc) {
    return std::lower_bound(sites.begin(), sites.end(), pc, [](const auto& known, uint32_t at) { return known.first < at; });
  }
};

}  // namespace od

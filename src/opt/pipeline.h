// The optimisation pipeline: what runs between build and emit, in order, on one screen (pipeline.cpp).
#pragma once
#include <functional>
#include <string>
#include "ir/ir.h"

namespace od {

struct PassOptions {
  std::string off;                                                      // names of passes to skip, joined with commas
  bool verify = false;                                                  // after every pass
  std::function<void(const char* pass, const Function&)> afterPass;     // dumps
};

// Runs every pass. The result is the verifier's complaint, with the pass's name, or empty.
std::string optimise(Function& f, const PassOptions& options);

// The passes, a file each.
void removeDead(Function& f);         // dce.cpp
void cancelReferences(Function& f);   // references.cpp
void straighten(Function& f);         // straighten.cpp
void publishFrames(Function& f);      // publish.cpp
void layOut(Function& f);             // layout.cpp

// Reverse postorder from the entry, loop bodies together and cold blocks late.
std::vector<BlockId> reversePostorder(const Function& f);
// Puts the blocks into the given order and drops all others.
void renumber(Function& f, const std::vector<BlockId>& order);

}  // namespace od

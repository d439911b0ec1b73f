// A stage for emitted code: a thread state, a frame, a heap of ten-cent objects and C functions that log what they see and
// wreck every register a C function may wreck. Machine runs a Function's code; Interpreter runs the Function itself on the
// same heap. Both give an Outcome; equal Outcomes are what the tests are about.
#pragma once
#include <string>
#include <vector>
#include "emit/emit.h"
#include "emit/exit_regs.h"
#include "support/helper_rows.h"

namespace stage {

struct Object {
  int64_t refcnt;
  const void* type;
  uint64_t tag;      // ints; a float's value lies here
  uint64_t digit;
  uint64_t field[4];  // to play with, from offset 32
  bool operator==(const Object&) const = default;
};
constexpr int kObjects = 24;     // mortal ones first
constexpr int kMortals = 20;

struct Seen {                    // a value as an exit or a call-out finds it
  od::Rep rep;
  uint64_t bits;
  bool operator==(const Seen&) const = default;
};

struct Frame {                   // one frame of a chain: `at` tells which state it was
  uint32_t at;
  std::vector<Seen> slots;
  bool operator==(const Frame&) const = default;
};

struct Event {                   // a call-out
  std::string what;
  std::vector<uint64_t> args;
  std::vector<Frame> shown;      // observable ones: the frames as others see them
  bool operator==(const Event&) const = default;
};

struct Outcome {
  bool exited = false;
  uint64_t result = 0;           // of a Return
  std::vector<Frame> frames;     // of an exit, innermost first
  std::vector<Event> events;
  std::vector<Object> heap;
  bool operator==(const Outcome&) const = default;
};
std::string describe(const Outcome& o);

struct Options {
  uint64_t countdown = 0;        // deopt:N if not 0
  uint64_t breakAt = 0;          // the eval breaker changes during the n-th event, 0: never
  int worldAnswer = 0;           // of checkWorld
  int shortage = 0;              // 1: world changed, 2: no recursion, 3: no stack, 4: no datastack left at entry
  bool freeFloats = true;        // does the free list hold any?
};

// The heap both sides start from, at one fixed place.
Object* heap();
void resetHeap(uint32_t seed);
uint64_t object(int i);
const od::Layout& layout();
od::EmitContext context();
uint32_t helperId(const char* name);

// What a helper computes, the same for both sides.
uint64_t helperResult(uint32_t id, const std::vector<uint64_t>& args);

Outcome runCompiled(const od::Function& f, const std::vector<uint64_t>& slots, const Options& o, od::Assembled* keep = nullptr);
Outcome interpret(od::Function& f, const std::vector<uint64_t>& slots, const Options& o, uint32_t flipSeed = 0);

}  // namespace stage

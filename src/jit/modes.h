// What a user can set through the environment: one row a knob in modes.def.
#pragma once
#include <cstdint>
#include <string>

namespace od {

// How code is chosen for compilation.
enum class Mode : uint8_t {
  Auto,        // sampled, in the background
  CompileAll,  // every function at its first call, every loop at its first jump, before it goes on
  Warm,        // as CompileAll, after N calls
  Osr,         // loops after N jumps; functions only through their loops
  Off,         // nothing
};

struct Options {
#define KNOB(type, field, variable, fallback, help) type field = fallback;
#include "jit/modes.def"
#undef KNOB
  // Read out of `mode`.
  Mode how = Mode::Auto;
  uint32_t count = 0;           // N of warm:N and osr:N
  uint64_t deoptEvery = 0;      // deopt:N, may be joined to another mode with a comma
};

const Options& options();
std::string readOptions();      // from the environment; not empty: what is wrong with a value
std::string optionsHelp();      // a line a knob

}  // namespace od

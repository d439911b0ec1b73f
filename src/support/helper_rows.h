// The rows of helpers.def as data, for whoever must know how to call a helper but not what it does. No Python.h.
#pragma once
#include <cstdint>
#include "ir/types.h"

namespace od {

enum class Helper : uint16_t {
#define H(name, args, result, failure, effects, doc) name,
#include "support/helpers.def"
#undef H
  Count
};

// How a helper says that an exception is set.
enum class Failure : uint8_t {
  Never,
  Null,  // the result is null
  Neg,   // the result is negative
  One,   // the result is (PyObject*)1
};

struct HelperInfo {
  const char* name;
  const char* args;    // a letter each, see helpers.def; without the two that passFrame adds
  Rep result;          // Rep::None: no result
  bool mayBeNull;      // a null result is an answer, not a failure
  Failure failure;
  bool observable;     // unknown Python may run, the GIL may be released, frames may be looked at
  bool passFrame;      // (PyThreadState*, _PyInterpreterFrame*) come first; the frame is published
  const char* doc;
};

const HelperInfo& helperInfo(Helper h);

}  // namespace od

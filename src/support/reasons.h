// The rows of reasons.def as data. No Python.h.
#pragma once
#include <cstdint>

namespace od {

enum class Reason : uint16_t {
#define R(kind, name, sentence, advice) name,
#include "support/reasons.def"
#undef R
  Count
};

struct ReasonInfo {
  const char* name;
  bool exit;            // of an exit; else of a refusal to compile
  const char* sentence;
  const char* advice;   // may be empty
};

const ReasonInfo& reasonInfo(Reason r);

}  // namespace od

// The rows of support/reasons.def as an enumeration and a table.
#pragma once
#include <cstdint>
#include <string_view>

namespace od {

enum class Reason : uint16_t {
#define R(kind, name, sentence, advice) name,
#include "support/reasons.def"
#undef R
  Count
};

struct ReasonRow {
  const char* kind;       // "EXIT" or "DECLINE"
  const char* name;
  const char* sentence;
  const char* advice;
};
const ReasonRow& reasonRow(uint16_t r);                 // unknown numbers give the row `none`
const ReasonRow& reasonRow(std::string_view name);

// Does leaving for this reason mean that the compiler guessed wrong (and may do better next time)?
bool isGuess(uint16_t r);

}  // namespace od

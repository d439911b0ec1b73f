#include "support/reasons.h"

namespace od {
namespace {

constexpr ReasonRow kRows[] = {
#define R(kind, name, sentence, advice) {#kind, #name, sentence, advice},
#include "support/reasons.def"
#undef R
};

}  // namespace

const ReasonRow& reasonRow(uint16_t r) { return kRows[r < uint16_t(Reason::Count) ? r : uint16_t(Reason::none)]; }

const ReasonRow& reasonRow(std::string_view name) {
  for (const ReasonRow& row : kRows)
    if (name == row.name) return row;
  return kRows[uint16_t(Reason::none)];
}

bool isGuess(uint16_t r) {
  switch (Reason(r)) {
    case Reason::none:
    case Reason::world:
    case Reason::uncompiled:
    case Reason::exception:
    case Reason::frame_held: return false;
    default: return std::string_view(reasonRow(r).kind) == "EXIT";
  }
}

}  // namespace od

#include "support/reasons.h"

namespace od {

const ReasonInfo& reasonInfo(Reason r) {
  constexpr bool EXIT = true, DECLINE = false;
  static const ReasonInfo rows[] = {
#define R(kind, name, sentence, advice) {#name, kind, sentence, advice},
#include "support/reasons.def"
#undef R
  };
  return rows[unsigned(r)];
}

}  // namespace od

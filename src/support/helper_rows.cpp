#include "support/helper_rows.h"

namespace od {
namespace {

struct Result { Rep rep; bool mayBeNull; };
constexpr Result Obj{Rep::Obj, false}, Nul{Rep::Obj, true}, I64{Rep::I64, false}, F64{Rep::F64, false},
    Non{Rep::None, false};
constexpr unsigned O = 1, F = 2;

constexpr HelperInfo row(const char* name, const char* args, Result r, Failure f, unsigned effects, const char* doc) {
  return {name, args, r.rep, r.mayBeNull, f, (effects & O) != 0, (effects & F) != 0, doc};
}

constexpr HelperInfo kRows[] = {
#define H(name, args, result, failure, effects, doc) row(#name, args, result, Failure::failure, effects, doc),
#include "support/helpers.def"
#undef H
};
static_assert(sizeof(kRows) / sizeof(kRows[0]) == unsigned(Helper::Count));

}  // namespace

const HelperInfo& helperInfo(Helper h) { return kRows[unsigned(h)]; }

}  // namespace od

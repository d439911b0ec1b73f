#include "emit/helper_rows.h"

namespace od {
namespace {

constexpr int O = 1, F = 2;  // effects, as helpers.def spells them
enum class Result : uint8_t { Obj, Nul, I64, F64, Non };
constexpr Rep repOf(Result r) {
  switch (r) {
    case Result::I64: return Rep::I64;
    case Result::F64: return Rep::F64;
    case Result::Non: return Rep::None;
    default: return Rep::Obj;
  }
}

const HelperRow kRows[] = {
#define H(name, args, result, failure, effects, doc) \
  {#name, args, repOf(Result::result), Failure::failure, ((effects) & O) != 0, ((effects) & F) != 0},
#include "support/helpers.def"
#undef H
};

}  // namespace

const HelperRow& helperRow(uint32_t id) { return kRows[id]; }
uint32_t helperCount() { return sizeof kRows / sizeof kRows[0]; }

}  // namespace od

// Construction of IR, and the op table as data. ops.def is the only source of every fact about an op.
#include "ir/ir.h"

namespace od {
namespace {

// Names used in ops.def's rows, mapped to the enums. Any is a result whose representation is the value's own.
constexpr uint16_t P = EffPure, R = EffReads, W = EffWrites, G = EffGuard, C = EffCall, O = EffObservable, X = EffCold,
                   T = EffTerminator;
enum class Result : uint8_t { None, Obj, I64, F64, Bool, Any };
constexpr Rep repOf(Result r) { return r == Result::Any ? Rep::None : Rep(r); }

const OpInfo kOps[] = {
#define OP(name, n, result, effects, doc) \
  {#name, n, repOf(Result::result), Result::result == Result::Any, effects, doc},
#include "ir/ops.def"
#undef OP
};

}  // namespace

const OpInfo& info(Op op) { return kOps[unsigned(op)]; }

Cond negate(Cond c) {
  switch (c) {
    case Cond::Lt: return Cond::Ge;
    case Cond::Le: return Cond::Gt;
    case Cond::Eq: return Cond::Ne;
    case Cond::Ne: return Cond::Eq;
    case Cond::Gt: return Cond::Le;
    case Cond::Ge: return Cond::Lt;
    case Cond::ULt: return Cond::UGe;
    case Cond::ULe: return Cond::UGt;
    case Cond::UGt: return Cond::ULe;
    case Cond::UGe: return Cond::ULt;
  }
  return c;
}

BlockId Function::newBlock() {
  blocks.emplace_back();
  return BlockId(uint32_t(blocks.size() - 1));
}

namespace {
template <class Args> ValueId makeValue(Function& f, Op op, const Args& args, int64_t imm, uint32_t aux) {
  Value v;
  v.op = op;
  v.rep = info(op).result;
  v.first = uint32_t(f.operands.size());
  v.count = uint32_t(args.size());
  v.imm = imm;
  v.aux = aux;
  f.operands.insert(f.operands.end(), args.begin(), args.end());
  f.values.push_back(v);
  return ValueId(uint32_t(f.values.size() - 1));
}
}  // namespace

ValueId Function::make(Op op, std::initializer_list<ValueId> args, int64_t imm, uint32_t aux) {
  return makeValue(*this, op, args, imm, aux);
}

ValueId Function::make(Op op, const std::vector<ValueId>& args, int64_t imm, uint32_t aux) {
  return makeValue(*this, op, args, imm, aux);
}

StateId Function::newState(FrameState s) {
  states.push_back(std::move(s));
  return StateId(uint32_t(states.size() - 1));
}

}  // namespace od

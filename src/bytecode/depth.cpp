// Walks the bytecode from its start, along jumps and into exception handlers, with the stack effect of each canonical
// instruction. Python's compiler gives every instruction one depth, whatever the way to it.
#include "bytecode/depth.h"
#include <algorithm>

namespace od {
namespace {

struct StackEffect { int32_t next, jump; };   // change of depth when going on, when jumping

StackEffect effect(const Instr& in) {
  int32_t a = in.arg;
  auto same = [](int32_t n) { return StackEffect{n, n}; };
  switch (in.op) {
    case Inst::LoadFast: case Inst::LoadFastCheck: case Inst::LoadFastAndClear: case Inst::LoadConst: case Inst::PushNull:
    case Inst::Copy: case Inst::LoadName: case Inst::LoadLocals: case Inst::LoadBuildClass: case Inst::LoadDeref:
    case Inst::LoadAssertionError: case Inst::GetLen: case Inst::MatchMapping: case Inst::MatchSequence: case Inst::MatchKeys:
    case Inst::ImportFrom: case Inst::PushExcInfo: case Inst::WithExceptStart: case Inst::BeforeWith: case Inst::BeforeAsyncWith:
    case Inst::GetAnext: case Inst::ReturnGenerator:
      return same(1);
    case Inst::LoadGlobal: return same(1 + (a & 1));
    case Inst::LoadAttr: return same(a & 1);
    case Inst::LoadSuperAttr: return same(-2 + (a & 1));
    case Inst::StoreFast: case Inst::PopTop: case Inst::EndFor: case Inst::EndSend: case Inst::StoreName: case Inst::StoreGlobal:
    case Inst::StoreDeref: case Inst::DeleteAttr: case Inst::PopExcept: case Inst::ListAppend: case Inst::SetAdd:
    case Inst::ListExtend: case Inst::SetUpdate: case Inst::DictUpdate: case Inst::DictMerge: case Inst::BinaryOp:
    case Inst::BinarySubscr: case Inst::CompareOp: case Inst::IsOp: case Inst::ContainsOp: case Inst::FormatWithSpec:
    case Inst::CallIntrinsic2: case Inst::SetFunctionAttribute: case Inst::ImportName: case Inst::PopJumpIfFalse:
    case Inst::PopJumpIfTrue: case Inst::PopJumpIfNone: case Inst::PopJumpIfNotNone: case Inst::ReturnValue: case Inst::Reraise:
    case Inst::CleanupThrow:
      return same(-1);
    case Inst::StoreAttr: case Inst::DeleteSubscr: case Inst::MapAdd: case Inst::BinarySlice: case Inst::MatchClass:
    case Inst::EndAsyncFor:
      return same(-2);
    case Inst::StoreSubscr: return same(-3);
    case Inst::StoreSlice: return same(-4);
    case Inst::ForIter: return {1, -1};
    case Inst::BuildTuple: case Inst::BuildList: case Inst::BuildSet: case Inst::BuildString: return same(1 - a);
    case Inst::BuildMap: return same(1 - 2 * a);
    case Inst::BuildConstKeyMap: return same(-a);
    case Inst::BuildSlice: return same(a == 3 ? -2 : -1);
    case Inst::UnpackSequence: return same(a - 1);
    case Inst::UnpackEx: return same((a & 255) + (a >> 8));
    case Inst::Call: return same(-a - 1);
    case Inst::CallKw: return same(-a - 2);
    case Inst::CallFunctionEx: return same(-2 - (a & 1));
    case Inst::RaiseVarargs: return same(-a);
    default: return same(0);
  }
}

}  // namespace

int32_t stackDepthAt(const Snapshot& s, uint32_t offset) {
  int32_t goal = offset < s.at.size() ? s.at[offset] : -1;
  if (goal < 0) return -1;
  std::vector<int32_t> depth(s.instrs.size(), -1);
  std::vector<uint32_t> work{0};
  depth[0] = 0;
  auto reach = [&](int32_t i, int32_t d) {
    if (i < 0 || i >= (int32_t)s.instrs.size() || depth[i] >= 0 || d < 0) return;
    depth[i] = d;
    work.push_back((uint32_t)i);
  };
  while (!work.empty()) {
    uint32_t i = work.back();
    work.pop_back();
    const Instr& in = s.instrs[i];
    StackEffect e = effect(in);
    InstClass c = instClass(in.op);
    if (c == InstClass::Jump || c == InstClass::CondJump)
      reach(in.target < s.at.size() ? s.at[in.target] : -1, depth[i] + e.jump);
    if (c != InstClass::Jump && c != InstClass::Leave) reach((int32_t)i + 1, depth[i] + e.next);
    for (const HandlerRange& h : s.handlers)
      if (in.at >= h.start && in.at < h.end) reach(s.at[h.target], (int32_t)h.depth + h.lasti + 1);
  }
  return depth[goal];
}

// Backwards as long as there is one way. What an expression has left on the stack stays until it is used, so its last
// instruction is the latest behind which its value is on top.
const Instr* madeBy(const Snapshot& s, uint32_t offset, int32_t depth, int32_t entry) {
  int32_t i = offset < s.at.size() ? s.at[offset] : -1;
  auto isTarget = [&](const Instr& in) {
    auto leadsHere = [&](const Instr& from) {
      const InstClass c = instClass(from.op);
      return (c == InstClass::Jump || c == InstClass::CondJump) && from.target == in.start;
    };
    auto arrivesHere = [&](const HandlerRange& h) { return h.target == in.start; };
    return std::any_of(s.instrs.begin(), s.instrs.end(), leadsHere) ||
           std::any_of(s.handlers.begin(), s.handlers.end(), arrivesHere);
  };
  while (i > 0 && !isTarget(s.instrs[i])) {
    const Instr& before = s.instrs[--i];
    const InstClass c = instClass(before.op);
    if (c == InstClass::Jump || c == InstClass::Leave) break;
    if (depth == entry + 1) return &before;
    depth -= effect(before).next;
  }
  return nullptr;
}

}  // namespace od

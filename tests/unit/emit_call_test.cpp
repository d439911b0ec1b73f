// Calls, entries and exits: what other C code sees of compiled code.
#include <gtest/gtest.h>

#include "emit_builder.h"

using namespace od;
using namespace stage;

namespace {

struct CalleeFrame {
  uint64_t head[9], locals[8];
};

CalleeFrame seenFrame;
uint64_t seenFunction;

extern "C" uint64_t stage_callee(uint64_t, CalleeFrame* frame, uint64_t function) {
  seenFrame = *frame;
  seenFunction = function;
  return object(9);
}

void compare(Function& f, const Options& o = {}) {
  ASSERT_EQ(verify(f), "") << print(f);
  const std::vector<uint64_t> slots{object(1), object(3), object(5), object(7)};
  resetHeap(5);
  const Outcome expected = interpret(f, slots, o);
  resetHeap(5);
  const Outcome got = runCompiled(f, slots, o);
  ASSERT_EQ(got == expected, true) << print(f) << "expected " << describe(expected) << "got " << describe(got);
}

}  // namespace

TEST(EmitCall, EveryHelperRow) {
  for (uint32_t id = 0; id < uint32_t(Helper::Count); id++) {
    const HelperInfo& row = helperInfo(Helper(id));
    Builder b;
    std::vector<ValueId> args, ints, floats;
    for (int k = 0; k < 4; k++) ints.push_back(b.op(Op::LoadI64, {b.slot(k)}, 32));
    for (int k = 0; k < 4; k++) floats.push_back(b.op(Op::IntToFloat, {ints[size_t(k)]}));
    for (const char* c = row.args; *c; c++) {
      const size_t n = args.size();
      if (*c == 'i') args.push_back(n % 2 ? b.i(1ll << 40) : ints[n % 4]);
      else if (*c == 'd') args.push_back(floats[n % 4]);
      else if (*c != '*') args.push_back(b.slot(int(n) % 4));
      for (int k = 0; *c == '*' && k < 5; k++) args.push_back(k == 2 ? b.o(4) : b.slot(k % 4));
    }
    const StateId state = b.state({ints[0], floats[0], args.empty() ? ints[1] : args[0]});
    const ValueId v = b.call(row.name, args, state);
    if (row.observable) b.f[v].after = row.result == Rep::None ? b.state({floats[1]}) : b.state({v, floats[1]});
    if (row.result == Rep::None) b.exit({ints[0], ints[1], floats[2], floats[3]});
    else b.exit({v, ints[0], ints[1], floats[2], floats[3]});
    Options changed;
    changed.breakAt = 1;
    changed.worldAnswer = 1;
    ASSERT_NO_FATAL_FAILURE(compare(b.f)) << row.name;
    if (row.observable) {
      ASSERT_NO_FATAL_FAILURE(compare(b.f, changed)) << row.name;
    }
  }
}

TEST(EmitCall, CallUnitMovesArgumentsIntoANewFrame) {
  for (int dynamic = 0; dynamic < 2; dynamic++) {
    static CodeCell cell{reinterpret_cast<void*>(&stage_callee), nullptr};
    Builder b;
    std::vector<ValueId> args{b.slot(0)};
    for (int k = 1; k < 4; k++) args.push_back(b.slot(k));
    args.push_back(b.o(11));
    b.f.maxOutArgs = 4;
    if (dynamic) args.push_back(b.i(int64_t(&cell)));
    const ValueId x = b.op(Op::LoadI64, {args[1]}, 32);
    const StateId state = b.state({x});
    const ValueId v = b.op(Op::CallUnit, args, state, dynamic ? 0 : int64_t(&cell));
    b.f[v].after = b.state({x, v});
    b.exit({v, x});
    ASSERT_EQ(verify(b.f), "");
    resetHeap(5);
    const Outcome out = runCompiled(b.f, {object(1), object(3), object(5), object(7)}, {});
    ASSERT_TRUE(out.exited) << describe(out);
    EXPECT_EQ(out.frames[0].slots[0].bits, object(9));
    EXPECT_EQ(out.frames[0].slots[1].bits, heap()[3].field[0]);
    EXPECT_EQ(seenFunction, object(1));
    EXPECT_EQ(seenFrame.locals[0], object(3));
    EXPECT_EQ(seenFrame.locals[1], object(5));
    EXPECT_EQ(seenFrame.locals[2], object(7));
    EXPECT_EQ(seenFrame.locals[3], object(11));
  }
}

TEST(EmitCall, ManyValuesLiveAcrossACall) {
  Builder b;
  std::vector<ValueId> shown;
  for (int k = 0; k < 15; k++) {
    shown.push_back(b.op(Op::LoadI64, {b.slot(k % 4)}, 32 + 8 * (k % 4)));
    shown.push_back(b.op(Op::IntToFloat, {shown.back()}));
  }
  ValueId sum = shown[0], total = shown[1];
  b.call("get_item", {b.slot(0), b.slot(1), b.i(0)}, b.state(shown));
  for (size_t k = 2; k < shown.size(); k += 2) {
    sum = b.op(Op::AddWrap, {sum, shown[k]});
    total = b.op(Op::AddF, {total, shown[k + 1]});
  }
  b.exit({sum, total});
  ASSERT_NO_FATAL_FAILURE(compare(b.f));
}

TEST(EmitCall, EveryGuardCanBeForced) {
  Builder b;
  const ValueId x = b.op(Op::LoadI64, {b.slot(0)}, 32), y = b.op(Op::LoadI64, {b.slot(1)}, 32);
  const ValueId sum = b.op(Op::AddI, {x, y}, b.state({x, y}));
  b.op(Op::GuardCmp, {sum, b.i(-1)}, b.state({sum}), 0, uint32_t(Cond::Ne));
  b.op(Op::GuardNotNull, {b.slot(2)}, b.state({sum, x}));
  b.exit({sum});
  for (uint64_t n = 1; n <= 4; n++) {
    Options o;
    o.countdown = n;
    ASSERT_NO_FATAL_FAILURE(compare(b.f, o));
  }
}

TEST(EmitCall, ReturnPopsTheFrame) {
  Builder b;
  b.op(Op::Unlink, {}, b.state({}));
  b.op(Op::Return, {b.slot(2)});
  ASSERT_NO_FATAL_FAILURE(compare(b.f));
}

TEST(EmitCall, LoopsAndContinuationsFindTheirFramePublished) {
  for (UnitKind kind : {UnitKind::Loop, UnitKind::Continuation}) {
    Builder b(false);
    b.f.kind = kind;
    const ValueId x = b.op(Op::LoadI64, {b.slot(0)}, 32);
    const ValueId v = b.call("get_item", {b.slot(0), b.slot(1), b.i(0)}, b.state({x}));
    if (kind == UnitKind::Continuation) b.op(Op::Return, {v});
    else b.exit({v, x});
    ASSERT_NO_FATAL_FAILURE(compare(b.f));
    resetHeap(5);
    Assembled code;
    runCompiled(b.f, {object(1), object(3), object(5), object(7)}, {}, &code);
    EXPECT_TRUE(code.exits.decode(StateId(0)).published);
  }
}

TEST(EmitCall, SlowEntries) {
  // An unexpected eval breaker, no recursion left, no stack left, no datastack left: the call is interpreted.
  for (int k = 0; k < 5; k++) {
    Builder b;
    b.op(Op::Return, {b.slot(2)});
    Options o;
    o.shortage = k;
    resetHeap(5);
    const Outcome out = runCompiled(b.f, {object(1), object(3), object(5), object(7)}, o);
    EXPECT_EQ(out.result, k ? 0x510 : object(5)) << k;
    EXPECT_FALSE(out.exited);
  }
}

TEST(EmitCall, SharedStatesAtDifferentPlaces) {
  // One state used before and after a call: its values lie elsewhere, so it is described twice.
  Builder b;
  const ValueId x = b.op(Op::LoadI64, {b.slot(0)}, 32), y = b.op(Op::LoadF64, {b.slot(1)}, 48);
  const StateId s = b.state({x, y}, b.state({y}));
  b.op(Op::GuardCmp, {x, b.i(-1)}, s, 0, uint32_t(Cond::Ne));
  b.call("long_to_float", {b.slot(0)});
  b.op(Op::GuardCmp, {x, b.i(-1)}, s, 0, uint32_t(Cond::Eq));
  b.exit({});
  ASSERT_NO_FATAL_FAILURE(compare(b.f));
}

// Compile time grows with the program, not with its square.
#include <gtest/gtest.h>

#include <ctime>

#include "emit_builder.h"

using namespace od;
using namespace stage;

namespace {

// A chain of diamonds inside a loop, guards everywhere, a dozen values alive throughout.
Function chain(int diamonds) {
  Builder b;
  std::vector<ValueId> live;
  for (int k = 0; k < 12; k++) live.push_back(b.op(Op::LoadI64, {b.slot(k % 4)}, 32));
  const ValueId zero = b.i(0), one = b.i(1), many = b.i(1000);
  const BlockId header = b.block(), inside = b.block(), out = b.block();
  b.jump(header);
  b.at = header;
  const ValueId i = b.phi(Rep::I64, {zero});
  b.branch(b.op(Op::CmpI, {i, many}, 0, 0), inside, out);
  b.at = out;
  b.exit(live);
  b.at = inside;
  std::vector<ValueId> shown = live;
  for (int k = 0; k < diamonds; k++) {
    const BlockId yes = b.block(), no = b.block(), join = b.block();
    b.branch(b.op(Op::CmpI, {live[size_t(k) % 12], i}, 0, 0), yes, no);
    ValueId sides[2];
    for (int side = 0; side < 2; side++) {
      b.at = side ? no : yes;
      sides[side] = b.op(Op::AddI, {shown[size_t(k) % 12], one}, b.state(shown));
      sides[side] = b.op(Op::MulI, {sides[side], i}, b.state(shown));
      b.jump(join);
    }
    b.at = join;
    shown[size_t(k) % 12] = b.phi(Rep::I64, {sides[0], sides[1]});
    b.op(Op::GuardCmp, {shown[size_t(k) % 12], many}, b.state(shown), 0, uint32_t(Cond::Ne));
  }
  const ValueId next = b.op(Op::AddI, {i, one}, b.state(shown));
  b.jump(header);
  b.setPhi(i, {zero, next});
  return std::move(b.f);
}

double threadTime() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) * 1e6 + double(t.tv_nsec) / 1e3;
}

// The best of three, in microseconds of this thread's own time.
double compileTime(const Function& f) {
  double best = 1e12;
  for (int k = 0; k < 3; k++) {
    const double start = threadTime();
    const Assembled code = emit(f, context());
    const double us = threadTime() - start;
    EXPECT_EQ(code.error, "");
    best = std::min(best, us);
  }
  return best;
}

}  // namespace

TEST(EmitSpeed, NearlyLinear) {
  const Function small = chain(250), large = chain(2000);
  const double few = compileTime(small), many = compileTime(large);
  std::printf("%zu values: %.1f ms; %zu values: %.1f ms\n", small.values.size(), few / 1e3, large.values.size(), many / 1e3);
  EXPECT_LT(many, few * 8 * 3) << "eight times the program";
}

TEST(EmitSpeed, OneLongBlock) {
  Builder b;
  ValueId x = b.op(Op::LoadI64, {b.slot(0)}, 32), y = b.op(Op::LoadI64, {b.slot(1)}, 32);
  for (int k = 0; k < 20000; k++) {
    const ValueId z = b.op(k % 3 ? Op::AddI : Op::MulI, {x, y}, b.state({x, y}));
    x = y, y = z;
  }
  b.exit({x, y});
  std::printf("20000 values in one block: %.1f ms\n", compileTime(b.f) / 1e3);
}

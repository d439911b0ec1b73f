// Each op against Python's rules, at the edges.
#include <gtest/gtest.h>

#include <cmath>

#include "emit_builder.h"

using namespace od;
using namespace stage;

namespace {

const int64_t kInts[] = {0, 1, -1, 2, -2, 3, -5, -6, 7, 63, 64, -64, 255, 256, 257, 1 << 30, -(1 << 30), (1ll << 31) - 1, 1ll << 31,
                         -(1ll << 31), 1ll << 32, (1ll << 53) + 1, 1ll << 62, -(1ll << 62), INT64_MAX, INT64_MIN, INT64_MIN + 1};
const double kFloats[] = {0.0, -0.0, 1.0, -1.5, 3.0, 1e308, -1e308, 5e-324, INFINITY, -INFINITY, NAN, 1e16};

// Runs a program whose ints come from the objects' fields, compiled and interpreted, and compares.
void same(Function& f, int64_t x = 0, int64_t y = 0, const Options& o = {}) {
  ASSERT_EQ(verify(f), "") << print(f);
  auto prepare = [&] {
    resetHeap(1);
    heap()[0].field[0] = uint64_t(x);
    heap()[1].field[0] = uint64_t(y);
  };
  const std::vector<uint64_t> slots{object(0), object(1), object(2), object(3)};
  prepare();
  const Outcome expected = interpret(f, slots, o);
  prepare();
  const Outcome got = runCompiled(f, slots, o);
  ASSERT_EQ(got, expected) << print(f) << x << " " << y << "\nexpected " << describe(expected) << "\ngot " << describe(got);
}

// x op y with every mixture of registers and constants, the operands shown or not.
void binary(Op op, uint32_t aux, int64_t x, int64_t y) {
  const bool isFloat = op == Op::AddF || op == Op::SubF || op == Op::MulF || op == Op::DivF || op == Op::CmpF;
  for (int form = 0; form < 12; form++) {
    Builder b;
    const Op load = isFloat ? Op::LoadF64 : Op::LoadI64, constant = isFloat ? Op::ConstF64 : Op::ConstI64;
    const ValueId p = form & 1 ? b.op(constant, {}, x) : b.op(load, {b.slot(0)}, 32);
    const ValueId q = form & 2 ? b.op(constant, {}, y) : b.op(load, {b.slot(1)}, 32);
    const StateId s = form >= 8 ? b.state({}) : b.state({p, q});
    const bool guards = info(op).effects & EffGuard;
    const ValueId r = guards ? b.op(op, {p, q}, s, 0, aux) : b.op(op, {p, q}, 0, aux);
    if (form & 4) b.exit({r, p, q});
    else b.exit({r});
    same(b.f, x, y);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace

TEST(EmitOps, Integers) {
  for (Op op : {Op::AddI, Op::SubI, Op::MulI, Op::AddWrap, Op::SubWrap, Op::FloorDivI, Op::ModI, Op::AndI, Op::OrI, Op::XorI, Op::ShlI, Op::ShrI})
    for (int64_t x : kInts)
      for (int64_t y : kInts) ASSERT_NO_FATAL_FAILURE(binary(op, 0, x, y));
}

TEST(EmitOps, OneOperandTwice) {
  for (Op op : {Op::AddI, Op::SubI, Op::MulI, Op::FloorDivI, Op::ModI, Op::ShlI, Op::ShrI, Op::XorI})
    for (int64_t x : kInts)
      for (bool shown : {false, true}) {
        Builder b;
        const ValueId p = b.op(Op::LoadI64, {b.slot(0)}, 32);
        const StateId s = shown ? b.state({p}) : b.state({});
        b.exit({b.op(op, {p, p}, s)});
        ASSERT_NO_FATAL_FAILURE(same(b.f, x));
      }
}

TEST(EmitOps, Unary) {
  for (Op op : {Op::NegI, Op::NotI})
    for (int64_t x : kInts)
      for (bool shown : {false, true}) {
        Builder b;
        const ValueId p = b.op(Op::LoadI64, {b.slot(0)}, 32);
        const StateId s = shown ? b.state({p}) : b.state({});
        b.exit({b.op(op, {p}, s)});
        ASSERT_NO_FATAL_FAILURE(same(b.f, x));
      }
  for (Op op : {Op::NegF, Op::AbsF, Op::SqrtF})
    for (double x : kFloats) {
      if (op == Op::SqrtF && !(x >= 0)) continue;
      Builder b;
      b.exit({b.op(op, {b.op(Op::LoadF64, {b.slot(0)}, 32)})});
      ASSERT_NO_FATAL_FAILURE(same(b.f, std::bit_cast<int64_t>(x)));
    }
  for (int64_t x : kInts) {
    Builder b;
    b.exit({b.op(Op::IntToFloat, {b.op(Op::LoadI64, {b.slot(0)}, 32)})});
    ASSERT_NO_FATAL_FAILURE(same(b.f, x));
  }
}

TEST(EmitOps, Floats) {
  for (Op op : {Op::AddF, Op::SubF, Op::MulF, Op::DivF})
    for (double x : kFloats)
      for (double y : kFloats) {
        // The bits of a NaN depend on the operands' order, which Python leaves open as well.
        const double r = op == Op::DivF ? x / y : op == Op::AddF ? x + y : op == Op::SubF ? x - y : x * y;
        if (std::isnan(r)) continue;
        ASSERT_NO_FATAL_FAILURE(binary(op, 0, std::bit_cast<int64_t>(x), std::bit_cast<int64_t>(y)));
      }
}

// Every comparison as a value, as a branch either way, negated, and as a guard.
namespace {
void comparison(Op op, uint32_t c, int64_t x, int64_t y) {
  ASSERT_NO_FATAL_FAILURE(binary(op, c, x, y));
  for (int form = 0; form < 48; form++) {
    Builder b;
    const bool isFloat = op == Op::CmpF;
    const Op load = isFloat ? Op::LoadF64 : Op::LoadI64, constant = isFloat ? Op::ConstF64 : Op::ConstI64;
    const ValueId p = form & 1 ? b.op(constant, {}, x) : b.op(load, {b.slot(0)}, 32);
    const ValueId q = form & 2 ? b.op(constant, {}, y) : b.op(load, {b.slot(1)}, 32);
    ValueId t = b.op(op, {p, q}, 0, c);
    if (form & 4) t = b.op(Op::NotB, {t});
    if (form & 8) t = b.op(Op::NotB, {t});
    if (form < 16) {
      const BlockId yes = b.block(), no = b.block();
      b.branch(t, yes, no);
      b.at = yes;
      b.exit({b.i(1)});
      b.at = no;
      b.exit({b.i(0)});
    } else {
      b.op(form < 32 ? Op::GuardTrue : Op::GuardFalse, {t}, b.state({p}));
      b.exit({q});
    }
    ASSERT_NO_FATAL_FAILURE(same(b.f, x, y));
  }
}
}  // namespace

TEST(EmitOps, Comparisons) {
  const int64_t some[] = {0, 1, -1, 5, INT64_MAX, INT64_MIN, 1ll << 33};
  for (uint32_t c = 0; c < 10; c++)
    for (int64_t x : some)
      for (int64_t y : some) ASSERT_NO_FATAL_FAILURE(comparison(Op::CmpI, c, x, y));
  for (uint32_t c = 0; c < 6; c++)
    for (double x : {0.0, -0.0, 1.0, -2.0, double(NAN), double(INFINITY)})
      for (double y : {0.0, -0.0, 1.0, -2.0, double(NAN), double(INFINITY)})
        ASSERT_NO_FATAL_FAILURE(comparison(Op::CmpF, c, std::bit_cast<int64_t>(x), std::bit_cast<int64_t>(y)));
}

TEST(EmitOps, SlowBoxes) {
  Options empty;
  empty.freeFloats = false;
  for (int64_t x : kInts) {
    Builder b;
    const ValueId p = b.op(Op::LoadI64, {b.slot(0)}, 32), q = b.op(Op::LoadF64, {b.slot(1)}, 32);
    const ValueId boxed = b.op(Op::BoxInt, {p}), boxedF = b.op(Op::BoxFloat, {q});
    b.exit({boxed, boxedF, p, q});
    ASSERT_NO_FATAL_FAILURE(same(b.f, x, std::bit_cast<int64_t>(2.5), empty));
  }
}

TEST(EmitOps, BoxesFromFreeLists) {
  for (int64_t x : kInts) {
    Builder b;
    const ValueId p = b.op(Op::LoadI64, {b.slot(0)}, 32), q = b.op(Op::LoadF64, {b.slot(1)}, 32);
    const ValueId boxed = b.op(Op::BoxInt, {p}), boxedF = b.op(Op::BoxFloat, {q});
    b.exit({boxed, boxedF});
    resetHeap(1);
    heap()[0].field[0] = uint64_t(x);
    heap()[1].field[0] = std::bit_cast<uint64_t>(2.5);
    const Outcome out = runCompiled(b.f, {object(0), object(1)}, {});
    ASSERT_TRUE(out.exited) << describe(out);
    const auto* i = reinterpret_cast<const Object*>(out.frames[0].slots[0].bits);
    const auto* d = reinterpret_cast<const Object*>(out.frames[0].slots[1].bits);
    EXPECT_EQ(std::bit_cast<double>(d->tag), 2.5);
    EXPECT_EQ(d->type, layout().kindType[unsigned(Kind::Float)]);
    EXPECT_EQ(d->refcnt, 1);
    const bool small = x >= -5 && x <= 256, digit = std::abs(double(x)) < double(1 << 30);
    if (small) {
      EXPECT_EQ(uint64_t(i), uint64_t(layout().smallInts) + 32 * uint64_t(x + 5));
    } else if (digit) {
      EXPECT_EQ(i->tag, x < 0 ? 10u : 8u);
      EXPECT_EQ(uint32_t(i->digit), uint32_t(x < 0 ? -x : x));
      EXPECT_EQ(i->type, layout().kindType[unsigned(Kind::Int)]);
      EXPECT_EQ(i->refcnt, 1);
    } else {
      EXPECT_EQ(out.events.size(), 1u);
      EXPECT_EQ(int64_t(i->digit), x);
    }
  }
}

TEST(EmitOps, Unbox) {
  for (auto [tag, digit, fits] : {std::tuple{8, 5, 1}, {10, 5, 1}, {9, 0, 1}, {8, 1 << 29, 1}, {16, 7, 1}, {16, 7, 0}, {18, 7, 1}}) {
    Builder b;
    const ValueId p = b.slot(2);
    const ValueId x = b.op(Op::LoadI64, {b.slot(0)}, 32), y = b.op(Op::LoadF64, {b.slot(1)}, 32);
    const ValueId r = b.op(Op::UnboxInt, {p}, b.state({p, x, y}));
    b.exit({r, x, y});
    auto prepare = [&] {
      resetHeap(1);
      heap()[2].tag = uint64_t(tag), heap()[2].digit = uint64_t(digit), heap()[2].field[1] = uint64_t(fits);
    };
    const std::vector<uint64_t> slots{object(0), object(1), object(2)};
    prepare();
    const Outcome expected = interpret(b.f, slots, {});
    prepare();
    EXPECT_EQ(runCompiled(b.f, slots, {}), expected);
  }
}

TEST(EmitOps, References) {
  for (int64_t count : {int64_t(1), int64_t(2), int64_t(0xffffffff), int64_t(0x7fffffff), int64_t(0x80000000)})
    for (bool retain : {false, true}) {
      Builder b;
      const ValueId p = b.slot(3), x = b.op(Op::LoadI64, {b.slot(0)}, 32);
      if (retain) b.op(Op::Retain, {p});
      else b.op(Op::Release, {p}, b.state({x}));
      b.exit({x});
      auto prepare = [&] {
        resetHeap(1);
        heap()[3].refcnt = count;
      };
      const std::vector<uint64_t> slots{object(0), object(1), object(2), object(3)};
      prepare();
      const Outcome expected = interpret(b.f, slots, {});
      prepare();
      const Outcome got = runCompiled(b.f, slots, {});
      EXPECT_EQ(got, expected) << describe(expected) << describe(got);
    }
}

TEST(EmitOps, FloatsGoBackToTheFreeList) {
  Builder b;
  const ValueId p = b.slot(3);
  b.f[p].type = Type(Kind::Float);
  b.op(Op::Release, {p});
  b.exit({b.op(Op::BoxFloat, {b.d(7)})});
  resetHeap(1);
  heap()[3].refcnt = 1;
  const Outcome out = runCompiled(b.f, {0, 0, 0, object(3)}, {});
  ASSERT_TRUE(out.exited) << describe(out);
  EXPECT_EQ(out.frames[0].slots[0].bits, object(3));
  EXPECT_TRUE(out.events.empty());
}

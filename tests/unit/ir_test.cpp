// The IR's text and its verifier: each invariant, broken once.
#include <gtest/gtest.h>

#include <functional>

#include "emit_builder.h"

using namespace od;
using namespace stage;

namespace {

struct Loop {
  Builder b;
  BlockId header, inside, out;
  ValueId i, zero, next, test;
};

Loop loop() {
  Loop l;
  Builder& b = l.b;
  l.zero = b.i(0);
  l.header = b.block(), l.inside = b.block(), l.out = b.block();
  b.jump(l.header);
  b.at = l.header;
  l.i = b.phi(Rep::I64, {l.zero});
  l.test = b.op(Op::CmpI, {l.i, b.i(10)}, 0, 0);
  b.branch(l.test, l.inside, l.out);
  b.at = l.inside;
  l.next = b.op(Op::AddI, {l.i, b.i(1)}, b.state({l.i}));
  b.jump(l.header);
  b.setPhi(l.i, {l.zero, l.next});
  b.at = l.out;
  b.exit({l.i});
  return l;
}

}  // namespace

TEST(IrVerify, AcceptsALoop) { EXPECT_EQ(verify(loop().b.f), ""); }

TEST(IrVerify, FindsEachViolation) {
  const std::pair<const char*, std::function<void(Loop&)>> broken[] = {
      {"does not dominate", [](Loop& l) { l.b.f.arg(l.test, 1) = l.next; }},
      {"wrong representation", [](Loop& l) { Value& ten = l.b.f[l.b.f.arg(l.test, 1)]; ten.op = Op::ConstBool, ten.rep = Rep::Bool; }},
      {"mixed representations", [](Loop& l) { l.b.f[l.zero].op = Op::ConstF64, l.b.f[l.zero].rep = Rep::F64; }},
      {"one operand per predecessor", [](Loop& l) { l.b.f[l.i].count = 1; }},
      {"not available at its predecessor", [](Loop& l) { l.b.f.arg(l.i, 0) = l.next; }},
      {"wrong number of operands", [](Loop& l) { l.b.f[l.next].count = 1; }},
      {"guard without a state", [](Loop& l) { l.b.f[l.next].state = StateId(); }},
      {"wrong result", [](Loop& l) { l.b.f[l.test].rep = Rep::F64; }},
      {"placed twice", [](Loop& l) { auto& v = l.b.f[l.inside].values; v.insert(v.begin(), v[0]); }},
      {"does not end in a terminator", [](Loop& l) { l.b.f[l.inside].values.pop_back(); }},
      {"terminator in the middle", [](Loop& l) { auto& v = l.b.f[l.inside].values; std::swap(v[v.size() - 1], v[v.size() - 2]); }},
      {"does not name its block", [](Loop& l) { l.b.f[l.next].block = l.out; }},
      {"wrong predecessors", [](Loop& l) { l.b.f[l.out].preds.clear(); }},
      {"twice to one block", [](Loop& l) { l.b.f[l.header].succ[1] = l.inside; }},
      {"wrong number of successors", [](Loop& l) { l.b.f[l.header].succ[1] = BlockId(); }},
      {"in state s", [](Loop& l) { l.b.f.states[0].slots[0].value = l.b.f[l.out].values.back(); l.b.f.states[0].slots[0].value = l.next; }},
      {"its own ancestor", [](Loop& l) { l.b.f.states[0].parent = StateId(0); }},
      {"code out of range", [](Loop& l) { l.b.f.states[0].code = 3; }},
      {"in a borrowed frame", [](Loop& l) { l.b.f.kind = UnitKind::Loop; }},
      {"in a borrowed frame", [](Loop& l) { l.b.f.kind = UnitKind::Resume; }},
      {"not in a resume unit", [](Loop& l) { l.b.f[l.b.f[l.out].values.back()].op = Op::Finish; }},
  };
  for (const auto& [message, breakIt] : broken) {
    Loop l = loop();
    breakIt(l);
    EXPECT_NE(verify(l.b.f).find(message), std::string::npos) << "wanted: " << message << "; got: " << verify(l.b.f);
  }
}

TEST(IrVerify, CriticalEdges) {
  Builder b;
  const ValueId c = b.op(Op::ConstBool, {}, 1);
  const BlockId side = b.block(), join = b.block();
  b.branch(c, side, join);
  b.at = side;
  b.jump(join);
  b.at = join;
  b.exit({});
  EXPECT_NE(verify(b.f).find("critical edge"), std::string::npos) << verify(b.f);
}

TEST(IrPrint, Text) {
  EXPECT_EQ(print(loop().b.f),
            "function test entry b0\n"
            "b0\n"
            "  Publish\n"
            "  v1:i64 = ConstI64 #0\n"
            "  Jump b1\n"
            "b1 <- b0 b2\n"
            "  v3:i64 = Phi v1 v8\n"
            "  v4:i64 = ConstI64 #10\n"
            "  v5:b1 = CmpI.lt v3 v4\n"
            "  Branch v5 b2 b3\n"
            "b2 <- b1\n"
            "  v7:i64 = ConstI64 #1\n"
            "  v8:i64 = AddI v3 v7 state s0\n"
            "  Jump b1\n"
            "b3 <- b1\n"
            "  Exit state s1\n"
            "s0: resume at 1 -> 0 [v3]\n"
            "s1: resume at 2 -> 0 [v3]\n");
}

TEST(IrTypes, Names) {
  EXPECT_EQ(typeName(Type(Kind::Int) | Type(Kind::Float)), "int|float");
  EXPECT_EQ(typeName(Type::object()), "object");
  EXPECT_EQ(typeName(Type::nullable()), "object?");
  EXPECT_EQ(typeName(Type(Kind::Str) | Type(Kind::Null)), "str?");
  EXPECT_EQ(typeName(Type(Kind::Null)), "null");
}

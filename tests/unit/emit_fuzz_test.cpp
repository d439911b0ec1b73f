// Random programs over ints, floats, booleans and objects, with diamonds, loops, guards, call-outs and deep frame states:
// compiled and interpreted, they must see and do the same, at every exit and at every call-out.
#include <gtest/gtest.h>

#include <random>

#include "emit_builder.h"

using namespace od;
using namespace stage;

namespace {

class Generator {
 public:
  Generator(uint32_t seed, bool pressure) : rng_(seed), wide_(pressure) {}

  Function make(int size) {
    for (int k = 0; k < 4; k++) {
      add(b.slot(k));
      add(b.op(Op::LoadI64, {b.slot(k)}, 32));
    }
    add(b.i(int64_t(rng_() % 100)));
    add(b.d(1.5));
    add(b.op(Op::CmpI, {pick(Rep::I64), pick(Rep::I64)}, 0, 0));
    if (wide_)
      for (int k = 0; k < 14; k++) {
        add(b.op(Op::LoadI64, {b.slot(k % 4)}, 32 + 8 * (k % 2)));
        add(b.op(Op::IntToFloat, {pick(Rep::I64)}));
      }
    body(size, 0);
    if (chance(3)) b.op(Op::Return, {pick(Rep::Obj)});
    else b.op(Op::Exit, {}, state(20));
    return std::move(b.f);
  }

 private:
  using Pools = std::vector<ValueId>[5];
  bool chance(uint32_t oneIn) { return rng_() % oneIn == 0; }
  void add(ValueId v) { pools_[unsigned(b.f[v].rep)].push_back(v); }
  // Mostly a recent value, sometimes an old one.
  ValueId pick(Rep rep) {
    auto& pool = pools_[unsigned(rep)];
    if (chance(2)) return pool[rng_() % pool.size()];
    return pool[pool.size() - 1 - rng_() % std::min<size_t>(pool.size(), 4)];
  }
  ValueId any() {
    const Rep reps[] = {Rep::Obj, Rep::Obj, Rep::I64, Rep::I64, Rep::F64, Rep::Bool};
    return pick(reps[rng_() % 6]);
  }
  StateId state(uint32_t most = 8, ValueId also = ValueId()) {
    std::vector<ValueId> shown;
    for (uint32_t n = rng_() % (wide_ ? 2 * most : most); n > 0; n--) shown.push_back(chance(9) ? ValueId() : any());
    if (also.valid()) shown.insert(shown.begin() + long(rng_() % (shown.size() + 1)), also);
    const StateId parent = chance(4) ? state(3) : StateId();
    return b.state(shown, parent);
  }

  void body(int size, int depth) {
    while (size-- > 0) {
      const uint32_t k = rng_() % 40;
      if (k == 0 && depth < 3) diamond(size / 2, depth + 1);
      else if (k == 1 && depth < 3) loop(size / 2, depth + 1);
      else if (k < 3) call();
      else operation();
    }
  }
  void operation() {
    switch (rng_() % 6) {
      case 0: case 1: integer(); break;
      case 2: real(); break;
      case 3: truth(); break;
      case 4: guard(); break;
      default: object();
    }
  }
  void integer() {
    const Op ops[] = {Op::AddI, Op::SubI, Op::MulI, Op::NegI, Op::AddWrap, Op::SubWrap, Op::FloorDivI, Op::ModI, Op::AndI, Op::OrI,
                      Op::XorI, Op::NotI, Op::ShlI, Op::ShrI, Op::AddI, Op::SubI, Op::AddWrap, Op::BoolToInt};
    const Op op = ops[rng_() % std::size(ops)];
    if (op == Op::BoolToInt) return add(b.op(op, {pick(Rep::Bool)}));
    ValueId x = pick(Rep::I64), y = pick(Rep::I64);
    if (chance(3)) y = b.i(int64_t(rng_() % 64) - 8);
    if (chance(9)) x = b.i(int64_t(rng_()) * int64_t(rng_()));
    if (op == Op::MulI || op == Op::ShlI) x = b.op(Op::AndI, {x, b.i(0xffff)});   // overflow is rare enough to go on
    if (op == Op::ShlI || op == Op::ShrI || op == Op::FloorDivI || op == Op::ModI) y = b.op(Op::AndI, {y, b.i(31)});
    if (info(op).effects & EffGuard) add(info(op).operands == 1 ? b.op(op, {x}, state()) : b.op(op, {x, y}, state()));
    else add(info(op).operands == 1 ? b.op(op, {x}) : b.op(op, {x, y}));
  }
  void real() {
    const ValueId x = pick(Rep::F64), y = chance(4) ? b.d(double(rng_() % 9)) : pick(Rep::F64);
    switch (rng_() % 8) {
      case 0: return add(b.op(Op::IntToFloat, {pick(Rep::I64)}));
      case 1: return add(b.op(chance(2) ? Op::NegF : Op::AbsF, {b.op(Op::IntToFloat, {pick(Rep::I64)})}));
      case 2: return add(b.op(Op::DivF, {x, y}, state()));
      case 3: return add(b.op(Op::MulF, {x, y}));
      case 4: return add(b.op(Op::SubF, {x, y}));
      case 5: return add(b.op(Op::LoadF64, {pick(Rep::Obj)}, 48));
      case 6: b.op(Op::StoreF64, {pick(Rep::Obj), x}, 48); return;
      default: return add(b.op(Op::AddF, {x, y}));
    }
  }
  ValueId condition() {
    switch (rng_() % 12) {
      case 10: {
        const ValueId bits = b.op(Op::AndI, {pick(Rep::I64), chance(2) ? constant() : pick(Rep::I64)});
        return b.op(Op::CmpI, {bits, b.i(0)}, 0, rng_() % 10);
      }
      case 9: return b.op(Op::CmpI, {narrow(), constant()}, 0, rng_() % 10);
      case 8: return b.op(Op::IsUnique, {pick(Rep::Obj)}, int64_t(Kind::Int));
      case 0: case 1: case 2: return b.op(Op::CmpI, {pick(Rep::I64), chance(2) ? b.i(int64_t(rng_() % 50)) : pick(Rep::I64)}, 0, rng_() % 10);
      case 3: return b.op(Op::CmpF, {pick(Rep::F64), pick(Rep::F64)}, 0, rng_() % 6);
      case 4: return b.op(Op::IsSame, {pick(Rep::Obj), pick(Rep::Obj)});
      case 5: return b.op(Op::IsObj, {pick(Rep::Obj)}, int64_t(stage::object(int(rng_() % 3))));
      case 6: return b.op(Op::IsKind, {pick(Rep::Obj)}, int64_t(chance(2) ? Kind::Int : Kind::Other));
      case 7: return b.op(Op::UnboxBool, {pick(Rep::Obj)});
      default: return b.op(Op::NotB, {chance(2) ? condition() : pick(Rep::Bool)});
    }
  }
  void truth() {
    const ValueId c = condition();
    if (chance(2)) add(c);
    else if (chance(2)) b.op(chance(2) ? Op::GuardTrue : Op::GuardFalse, {c}, state());
    else add(b.op(Op::BoxBool, {c}));
  }
  // A load that only a comparison wants.
  ValueId narrow() {
    const Op ops[] = {Op::LoadI64, Op::LoadI32, Op::LoadU32, Op::LoadU8};
    return b.op(ops[rng_() % 4], {chance(4) ? mortal() : pick(Rep::Obj)}, 32);
  }
  ValueId constant() {
    const int64_t some[] = {0, 1, 100, 255, -1, int64_t(rng_()), int64_t(rng_()) << 20, -int64_t(rng_() >> 1)};
    return b.i(some[rng_() % std::size(some)]);
  }
  void guard() {
    switch (rng_() % 5) {
      case 4:
        b.op(Op::GuardCmp, {narrow(), constant()}, state(), 0, rng_() % 10);
        return;
      case 0: {
        const ValueId v = b.op(Op::GuardNotNull, {pick(Rep::Obj)}, state());
        b.f[v].type = Type(Kind::Other);
        return add(v);
      }
      case 1: case 2:
        b.op(Op::GuardCmp, {pick(Rep::I64), chance(2) ? b.i(int64_t(rng_() % 50)) : pick(Rep::I64)}, state(), 0, rng_() % 10);
        return;
      default: b.op(chance(2) ? Op::GuardTrue : Op::GuardFalse, {pick(Rep::Bool)}, state());
    }
  }
  void object() {
    const ValueId p = pick(Rep::Obj);
    switch (rng_() % 10) {
      case 0: b.op(Op::Retain, {p}); return;
      case 1: chance(4) ? b.op(Op::Release, {p}) : b.op(Op::Release, {p}, state()); return;
      case 2: return add(b.op(Op::LoadI64, {p}, 32));
      case 3: b.op(Op::StoreI64, {p, chance(2) ? b.i(int64_t(rng_())) : pick(Rep::I64)}, 32); return;
      case 4: return addObject(b.op(Op::BoxInt, {pick(Rep::I64)}));
      case 5: return addObject(b.op(Op::BoxFloat, {pick(Rep::F64)}));
      case 6: return addObject(b.o(int(rng_() % kMortals)));
      case 7: add(b.op(Op::LoadU8, {p}, 32)), add(b.op(Op::LoadI32, {p}, 32)); return;
      case 8: b.op(Op::CheckWorld, {}, state()); return;
      default: return add(b.op(Op::UnboxInt, {mortal()}, state()));
    }
  }
  ValueId mortal() { return b.o(int(rng_() % kMortals)); }
  // Boxes are shared by later ones: they are shown and passed on, but their contents are not looked at.
  void addObject(ValueId v) {
    b.f[v].type = Type(Kind::Other);
    if (b.f[v].op == Op::ConstObj) add(v);
    else if (chance(2)) b.call("type_flag", {v, b.i(1)});
  }
  void call() {
    static const char* const names[] = {"binary_op", "compare_bool", "get_item", "load_global", "call", "import_name", "type_flag", "long_add",
                                        "long_to_float", "float_pow", "int_float_compare", "load_super_attr", "set_function_attribute",
                                        "build_tuple", "pop_except"};
    const char* name = names[rng_() % std::size(names)];
    const HelperInfo& row = helperInfo(Helper(helperId(name)));
    std::vector<ValueId> args;
    for (const char* c = row.args; *c; c++) {
      if (*c == '*')
        for (uint32_t n = rng_() % 7; n > 0; n--) args.push_back(pick(Rep::Obj));
      else args.push_back(*c == 'i' ? (chance(3) ? b.i(int64_t(rng_()) << 8) : pick(Rep::I64)) : *c == 'd' ? pick(Rep::F64) : pick(Rep::Obj));
    }
    const bool needs = row.observable || row.failure != Failure::Never;
    const ValueId v = b.call(name, args, needs ? state() : StateId());
    if (row.result == Rep::Obj) b.f[v].type = Type(Kind::Other);
    if (row.observable && !chance(4)) b.f[v].after = state(8, row.result == Rep::None ? ValueId() : v);
    if (row.result != Rep::None) add(v);
  }

  struct Sizes {
    size_t n[5];
  };
  Sizes sizes() {
    Sizes s;
    for (int i = 0; i < 5; i++) s.n[i] = pools_[i].size();
    return s;
  }
  void shrink(const Sizes& s) {
    for (int i = 0; i < 5; i++) pools_[i].resize(s.n[i]);
  }

  // One side leaves at once.
  void sideExit() {
    const ValueId c = condition();
    const BlockId out = b.block(), on = b.block();
    b.f[out].cold = chance(2);
    chance(2) ? b.branch(c, out, on) : b.branch(c, on, out);
    b.at = out;
    b.op(Op::Exit, {}, state());
    b.at = on;
  }
  void diamond(int size, int depth) {
    if (chance(8)) return sideExit();
    const ValueId c = condition();
    const BlockId yes = b.block(), no = b.block(), join = b.block();
    b.f[no].cold = chance(3);
    b.branch(c, yes, no);
    const Sizes before = sizes();
    std::vector<ValueId> sides[2];
    const Rep reps[] = {Rep::Obj, Rep::I64, Rep::I64, Rep::F64, Rep::Bool};
    std::vector<Rep> merged;
    for (uint32_t n = rng_() % (wide_ ? 12 : 5); n > 0; n--) merged.push_back(reps[rng_() % 5]);
    for (int k = 0; k < 2; k++) {
      b.at = k ? no : yes;
      body(size / 2, depth);
      for (Rep r : merged) sides[k].push_back(pick(r));
      b.jump(join);
      shrink(before);
    }
    b.at = join;
    for (size_t k = 0; k < merged.size(); k++) {
      const ValueId p = b.phi(merged[k], {sides[0][k], sides[1][k]});
      b.f[p].type = Type(Kind::Other);
      add(p);
    }
  }
  void loop(int size, int depth) {
    const BlockId header = b.block(), inside = b.block(), out = b.block();
    const Rep reps[] = {Rep::Obj, Rep::I64, Rep::I64, Rep::F64, Rep::F64, Rep::Bool};
    std::vector<ValueId> phis, starts;
    const uint32_t n = rng_() % (wide_ ? 9 : 5);
    for (uint32_t k = 0; k < n; k++) starts.push_back(pick(reps[rng_() % 6]));
    const ValueId zero = b.i(0);
    b.jump(header);
    b.at = header;
    b.f[header].loopHeader = true;
    const ValueId i = b.phi(Rep::I64, {zero});
    for (ValueId s : starts) {
      phis.push_back(b.phi(b.f[s].rep, {s}));
      b.f[phis.back()].type = Type(Kind::Other);
      add(phis.back());
    }
    add(i);
    const Sizes before = sizes();
    b.branch(b.op(Op::CmpI, {i, b.i(1 + int64_t(rng_() % 4))}, 0, uint32_t(Cond::Lt)), inside, out);
    b.at = inside;
    body(size, depth);
    if (chance(2)) b.op(Op::CheckWorld, {}, state());
    const ValueId next = b.op(chance(2) ? Op::AddI : Op::AddWrap, {i, b.i(1)}, state());
    std::vector<ValueId> ends;
    for (ValueId p : phis) ends.push_back(chance(5) ? p : chance(4) ? phis[rng_() % phis.size()] : pick(b.f[p].rep));
    for (size_t k = 0; k < phis.size(); k++)
      if (b.f[ends[k]].rep != b.f[phis[k]].rep) ends[k] = phis[k];
    b.jump(header);
    b.setPhi(i, {zero, next});
    for (size_t k = 0; k < phis.size(); k++) b.setPhi(phis[k], {starts[k], ends[k]});
    shrink(before);
    b.at = out;
  }

  Builder b;
  std::mt19937 rng_;
  bool wide_;
  Pools pools_;
};

void prepare(uint32_t seed) {
  resetHeap(seed);
  for (int i = 0; i < kObjects; i++) heap()[i].field[2] = std::bit_cast<uint64_t>(double(i % 5));
}

void oneSeed(uint32_t seed, int size, bool pressure) {
  Function f = Generator(seed, pressure).make(size);
  ASSERT_EQ(verify(f), "") << print(f);
  const std::vector<uint64_t> slots{object(1), object(3), object(5), object(7)};
  prepare(seed);
  interpret(f, slots, {}, seed | 1);   // turns guards round
  std::mt19937 rng(seed);
  for (int k = 0; k < 4; k++) {
    Options o;
    o.freeFloats = false;
    if (k == 1) o.countdown = 1 + rng() % 40;
    if (k == 2) o.breakAt = 1 + rng() % 6;
    if (k == 3) o.breakAt = 1 + rng() % 6, o.worldAnswer = 1 + int(rng() % 2);
    prepare(seed);
    const Outcome expected = interpret(f, slots, o);
    prepare(seed);
    const Outcome got = runCompiled(f, slots, o);
    ASSERT_TRUE(got == expected) << "seed " << seed << " mode " << k << " countdown " << o.countdown << "\n" << print(f) << "\nexpected "
                                 << describe(expected) << "\ngot " << describe(got);
  }
}

}  // namespace

// EMIT_FUZZ_BASE and EMIT_FUZZ_TIMES move and multiply the seeds for longer hunts.
static void seeds(uint32_t base, uint32_t count, int size, bool pressure) {
  auto number = [](const char* name, uint32_t otherwise) {
    const char* text = std::getenv(name);
    return text ? uint32_t(std::atoi(text)) : otherwise;
  };
  base += number("EMIT_FUZZ_BASE", 0);
  for (uint32_t seed = 1; seed <= count * number("EMIT_FUZZ_TIMES", 1); seed++)
    ASSERT_NO_FATAL_FAILURE(oneSeed(base + seed, size, pressure));
}

TEST(EmitFuzz, Small) { seeds(0, 3000, 12, false); }
TEST(EmitFuzz, Large) { seeds(1000000, 150, 120, false); }
TEST(EmitFuzz, Pressure) { seeds(2000000, 300, 60, true); }

// Shorthand for writing IR by hand.
#pragma once
#include <bit>
#include "emit_machine.h"

namespace stage {

struct Builder {
  od::Function f;
  od::BlockId at;

  explicit Builder(bool publish = true) {
    f.name = "test";
    f.codes = {reinterpret_cast<const void*>(0x4000)};
    f.codeBase = {0x5000};
    f.nlocalsplus = 8, f.stacksize = 8, f.framesize = 9 + 16;
    f.auxWords = 2;
    at = f.entry = f.newBlock();
    if (publish) op(od::Op::Publish, {});
  }

  od::ValueId place(od::ValueId v) {
    f[v].block = at;
    f[at].values.push_back(v);
    return v;
  }
  od::ValueId op(od::Op o, std::vector<od::ValueId> args, int64_t imm = 0, uint32_t aux = 0) { return place(f.make(o, args, imm, aux)); }
  od::ValueId op(od::Op o, std::vector<od::ValueId> args, od::StateId state, int64_t imm = 0, uint32_t aux = 0) {
    const od::ValueId v = op(o, std::move(args), imm, aux);
    f[v].state = state;
    return v;
  }
  od::ValueId i(int64_t n) { return op(od::Op::ConstI64, {}, n); }
  od::ValueId d(double x) { return op(od::Op::ConstF64, {}, std::bit_cast<int64_t>(x)); }
  od::ValueId o(int n) { return op(od::Op::ConstObj, {}, int64_t(object(n))); }
  od::ValueId slot(int n) {
    const od::ValueId v = op(od::Op::LoadSlot, {}, n);
    f[v].type = od::Type(od::Kind::Other);
    return v;
  }
  // A raw word of an entry slot, as an int or a double.
  od::ValueId intSlot(int n) { return op(od::Op::AddWrap, {op(od::Op::LoadI64, {slot(n)}, 32), i(0)}); }

  od::StateId state(std::vector<od::ValueId> shown, od::StateId parent = od::StateId()) {
    od::FrameState s;
    s.parent = parent;
    s.at = uint32_t(f.states.size()) + 1;
    for (od::ValueId v : shown) s.slots.push_back({v, v.valid() && f[v].rep == od::Rep::Obj});
    return f.newState(std::move(s));
  }
  od::ValueId call(const char* name, std::vector<od::ValueId> args, od::StateId state = {}, od::StateId after = {}) {
    const uint32_t id = helperId(name);
    bool array = false;
    uint32_t direct = 0;
    for (const char* c = od::helperInfo(od::Helper(id)).args; *c; c++) *c == '*' ? (void)(array = true) : (void)direct++;
    const od::ValueId v = op(array ? od::Op::CallArray : od::Op::Call, std::move(args), array ? direct : 0, id);
    f[v].rep = od::helperInfo(od::Helper(id)).result;
    f[v].state = state;
    f[v].after = after;
    return v;
  }
  od::BlockId block() { return f.newBlock(); }
  void link(od::BlockId from, int k, od::BlockId to) {
    f[from].succ[k] = to;
    f[to].preds.push_back(from);
  }
  void jump(od::BlockId to) {
    op(od::Op::Jump, {});
    link(at, 0, to);
  }
  void branch(od::ValueId c, od::BlockId yes, od::BlockId no) {
    op(od::Op::Branch, {c});
    link(at, 0, yes);
    link(at, 1, no);
  }
  od::ValueId phi(od::Rep rep, std::vector<od::ValueId> args) {
    const od::ValueId v = f.make(od::Op::Phi, args);
    f[v].rep = rep;
    f[v].block = at;
    f[at].phis.push_back(v);
    return v;
  }
  // Sets operands of a phi made with too few (loop headers).
  void setPhi(od::ValueId phi, std::vector<od::ValueId> args) {
    f[phi].first = uint32_t(f.operands.size());
    f[phi].count = uint32_t(args.size());
    f.operands.insert(f.operands.end(), args.begin(), args.end());
  }
  void exit(std::vector<od::ValueId> shown) { op(od::Op::Exit, {}, state(std::move(shown))); }
};

}  // namespace stage

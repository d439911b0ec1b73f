// Stands in for the compiler until it is there. Declines everything, unless OVERDRIVE_FAKE names one of three toy units,
// which prove the runtime around them: they hold every value of the frame and give it back.
//
//   exit    leave at the first instruction
//   call    publish the frame, call builtins._overdrive_spy() if there is one, then leave at the first instruction
//   return  as call, then return the first argument (functions with exactly one)
//
// A function named toyspin(n) becomes a loop that counts to n in a register and returns n, whichever is chosen.
#include <cstdlib>
#include <cstring>
#include "frames/reasons.h"
#include "jit/compile.h"
#include "support/helpers.h"

namespace od {

struct Snapshot {
  CompileRequest request;
  PyObject* spy;
};
void SnapshotDeleter::operator()(Snapshot* s) const {
  Py_XDECREF(s->spy);
  delete s;
}

SnapshotPtr snapshot(const CompileRequest& r) {
  PyObject* builtins = PyEval_GetBuiltins();
  PyObject* spy = builtins ? PyDict_GetItemString(builtins, "_overdrive_spy") : nullptr;
  return SnapshotPtr(new Snapshot{r, Py_XNewRef(spy)});
}

namespace {

struct Toy {
  Function f;
  PyCodeObject* code;
  BlockId block;
  std::vector<StateSlot> slots;

  explicit Toy(const CompileRequest& r) : code(r.code) {
    f.kind = r.kind;
    f.entryPc = r.pc;
    f.entryDepth = r.depth;
    f.codes = {code};
    f.codeBase = {reinterpret_cast<uint64_t>(_PyCode_CODE(code))};
    f.nlocalsplus = uint32_t(code->co_nlocalsplus);
    f.stacksize = uint32_t(code->co_stacksize);
    f.framesize = uint32_t(code->co_framesize);
    f.name = "toy";
    block = f.entry = f.newBlock();
    bool function = f.kind == UnitKind::Function;
    uint32_t live = function ? uint32_t(code->co_argcount + code->co_kwonlyargcount + !!(code->co_flags & CO_VARARGS) +
                                        !!(code->co_flags & CO_VARKEYWORDS))
                             : f.nlocalsplus + f.entryDepth;
    for (uint32_t i = 0; i < live; i++) slots.push_back({add(Op::LoadSlot, {}, i, Type::nullable()), true});
    while (slots.size() < f.nlocalsplus) slots.push_back({});
  }
  ValueId add(Op op, std::initializer_list<ValueId> args, int64_t imm = 0, Type type = Type(), uint32_t aux = 0) {
    ValueId v = f.make(op, args, imm, aux);
    f[v].block = block;
    f[v].pc = f.entryPc;
    if (info(op).result == Rep::Obj) f[v].rep = Rep::Obj;
    f[v].type = type;
    f[block].values.push_back(v);
    return v;
  }
  StateId state(ExitKind kind, Reason reason) {
    FrameState s;
    s.at = s.resume = f.entryPc;
    s.kind = kind;
    s.reason = uint16_t(reason);
    s.slots = slots;
    return f.newState(s);
  }
  void callSpy(PyObject* spy) {
    ValueId fn = add(Op::ConstObj, {}, int64_t(spy), Type::object());
    ValueId null = add(Op::ConstObj, {}, 0, Type(Kind::Null));
    add(Op::Retain, {fn});
    ValueId r = f.make(Op::CallArray, {fn, null}, 0, uint32_t(Helper::call));
    f[r].block = block;
    f[r].rep = Rep::Obj;
    f[r].type = Type::object();
    f[r].pc = f.entryPc;
    f[r].state = state(ExitKind::Raise, Reason::exception);
    FrameState after = f[state(ExitKind::Resume, Reason::world)];
    after.pending.push_back(r);
    f[r].after = f.newState(after);
    f[block].values.push_back(r);
    ValueId drop = add(Op::Release, {r});
    f[drop].state = state(ExitKind::Resume, Reason::world);
  }
};

}  // namespace

namespace {

// Leaving means to begin anew in the interpreter; what was counted so far is nobody's business.
void spin(Toy& toy) {
  Function& f = toy.f;
  BlockId head = f.newBlock(), done = f.newBlock();
  ValueId argument = toy.slots[0].value;
  ValueId checked = toy.add(Op::GuardKind, {argument}, int64_t(Kind::Int), Type(Kind::Int));
  f[checked].state = toy.state(ExitKind::Resume, Reason::not_int);
  ValueId n = toy.add(Op::UnboxInt, {checked}, 0, Type(Kind::Int));
  f[n].rep = Rep::I64;
  f[n].state = toy.state(ExitKind::Resume, Reason::int_overflow);
  auto constant = [&](int64_t i) {
    ValueId v = toy.add(Op::ConstI64, {}, i, Type(Kind::Int));
    f[v].rep = Rep::I64;
    return v;
  };
  ValueId zero = constant(0), one = constant(1);
  toy.add(Op::Jump, {});
  f[f.entry].succ[0] = head;
  ValueId phi = f.make(Op::Phi, {zero, zero});
  f[phi].block = head;
  f[phi].rep = Rep::I64;
  f[phi].type = Type(Kind::Int);
  f[head].phis.push_back(phi);
  f[head].preds = {f.entry, head};
  f[head].loopHeader = true;
  f[head].loopDepth = 1;
  toy.block = head;
  ValueId check = toy.add(Op::CheckWorld, {});
  f[check].state = toy.state(ExitKind::Resume, Reason::world);
  ValueId next = toy.add(Op::AddWrap, {phi, one}, 0, Type(Kind::Int));
  f[next].rep = Rep::I64;
  f.arg(phi, 1) = next;
  ValueId less = toy.add(Op::CmpI, {next, n}, 0, Type(Kind::Bool), uint32_t(Cond::Lt));
  f[less].rep = Rep::Bool;
  toy.add(Op::Branch, {less});
  BlockId back = f.newBlock();   // no critical edges
  f[head].succ[0] = back;
  f[head].succ[1] = done;
  f[back].preds = {head};
  f[back].loopDepth = 1;
  toy.block = back;
  toy.add(Op::Jump, {});
  f[back].succ[0] = head;
  f[head].preds[1] = back;
  f[done].preds = {head};
  toy.block = done;
  toy.add(Op::Return, {argument});
}

}  // namespace

CompileResult compile(Snapshot& s, const EmitContext& context) {
  CompileResult result;
  const char* fake = std::getenv("OVERDRIVE_FAKE");
  const char* name = PyUnicode_AsUTF8(s.request.code->co_name);
  bool isSpy = name && (std::strstr(name, "spy") || std::strcmp(name, "__call__") == 0);   // it must not call itself
  bool isSpin = name && std::strcmp(name, "toyspin") == 0;
  if (!fake || s.request.depth == ~0u || isSpy || (isSpin && s.request.kind != UnitKind::Function)) {
    result.declined = "instruction";
    return result;
  }
  Toy toy(s.request);
  Function& f = toy.f;
  bool function = f.kind == UnitKind::Function, returns = std::strcmp(fake, "return") == 0 && function;
  if (isSpin) {
    spin(toy);
    if (result.code.error = verify(f); result.code.error.empty()) result.code = emit(f, context);
    return result;
  }
  if (returns && (toy.code->co_argcount != 1 || f.nlocalsplus != 1)) {
    result.declined = "instruction";
    return result;
  }
  if (std::strcmp(fake, "exit") != 0) {
    if (function) toy.add(Op::Publish, {});
    if (s.spy) toy.callSpy(s.spy);
  }
  if (returns) {
    ValueId unlink = toy.add(Op::Unlink, {});
    ValueId argument = toy.slots[0].value;
    FrameState leave = f[toy.state(ExitKind::Return, Reason::frame_held)];
    leave.slots[0] = {};
    leave.slots.push_back({argument, true});
    f[unlink].state = f.newState(leave);
    toy.add(Op::Return, {argument});
  } else {
    ValueId exit = toy.add(Op::Exit, {});
    f[exit].state = toy.state(ExitKind::Resume, Reason::uncompiled);
  }
  if (std::string wrong = verify(f); !wrong.empty()) {
    result.code.error = wrong;
    return result;
  }
  result.code = emit(f, context);
  result.depth = f.entryDepth;
  if (s.spy) result.keep.push_back(s.spy);
  return result;
}

}  // namespace od

// The driver: analysis, allocation, then one pass over the blocks that writes machine code, then the cold parts.
//
// Registers that mean the same everywhere in a unit:
//   rsp, rbp  C frame; profilers walk the rbp chain      rbx  _PyInterpreterFrame*
//   r12       PyThreadState*                             r13  spill area, on the datastack behind the NativeRecord
//   r11, xmm15  the emitter's scratch
// Nothing the interpreter's state needs is ever on the C stack: greenlets copy and swap it.
//
// Layout of the code: the way to the interpreter for calls that cannot run here, entry, hot blocks; in the cold part the
// other blocks, undo snippets, cold call-outs, exits (`push state; jmp tail`), the common tail, the pool of constants. Undo snippets and
// call-outs may still ask for exits, so exits come after both. Offsets say which bytecode they run (`pcs`), to the end of the
// call-outs, and where the caller's frame is (`stack`).
//
// Runtime routines (EmitContext) are called with the C convention. boxIntSlow and boxFloatSlow do not fail;
// unboxIntSlow answers in rdx:rax; the others answer as emit.h says.
#include "emit/emit.h"

#include <algorithm>

#include "emit/emitter.h"
#include "support/helper_rows.h"

namespace od {

using namespace asmjit;

namespace {
// Words that must be free behind the spill area: a callee's frame head and its arguments.
constexpr int32_t kReserveWords = 128;
}  // namespace

Emitter::Emitter(const Function& fn, const EmitContext& c, const Analysis& an, const Allocation& al)
    : f(fn), ctx(c), L(*c.layout), a(an), ra(al), code_(c.reach), as(code_.as) {
  nextMap_ = uint32_t(f.states.size());
  regNow_.assign(f.values.size(), kNoReg);
  for (uint32_t b : a.rpo)
    for (ValueId v : f.blocks[b].values)
      if (f[v].op == Op::CallArray) arrayWords_ = std::max(arrayWords_, f[v].count - std::min(uint32_t(f[v].imm), f[v].count));
}

// Is the frame's header written at the start of each block? Loops and continuations start with a published frame.
void Emitter::findPublished() {
  constexpr uint8_t kUnknown = 2;
  publishedIn_.assign(f.blocks.size(), kUnknown);
  publishedIn_[f.entry.raw] = f.kind != UnitKind::Function;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t b : a.rpo) {
      if (publishedIn_[b] == kUnknown) continue;
      uint8_t out = publishedIn_[b];
      for (ValueId v : f.blocks[b].values) {
        if (f[v].op == Op::Publish) out = 1;
        if (f[v].op == Op::Unlink) out = 0;
      }
      for (BlockId s : f.blocks[b].succ) {
        if (!s.valid()) continue;
        if (publishedIn_[s.raw] == kUnknown) publishedIn_[s.raw] = out, changed = true;
        else if (publishedIn_[s.raw] != out) return fail("the frame is published on some paths only, at b" + std::to_string(s.raw));
      }
    }
  }
}

// Afterwards rax holds the UnitData*.
void Emitter::functionChecks() {
  const Label slow = as.newLabel();
  as.bind(slow);   // within reach of a short jump
  code_.stackIs(8);
  code_.jumpAddress(ctx.entrySlow);
  as.align(AlignMode::kCode, 8);
  out_.entry = code_.offset();
  const int32_t words = int32_t(f.framesize + ra.slots + kReserveWords + f.maxOutArgs);
  as.lea(x86::rax, x86::ptr(x86::rsi, 8 * words + kRecordSize));
  as.cmp(x86::rax, x86::qword_ptr(x86::rdi, L.ts_datastack_limit));
  as.ja(slow);
  as.cmp(x86::dword_ptr(x86::rdi, L.ts_py_recursion_remaining), 1);
  as.jle(slow);
  Mem limit = x86::ptr_abs(uint64_t(L.stackLimitTls), 8);
  limit.setSegment(x86::fs);
  as.cmp(x86::rsp, limit);
  as.jb(slow);
  code_.load(x86::rax, int64_t(&ctx.unitData->expected));
  as.mov(x86::r11, x86::qword_ptr(x86::rax, int32_t(offsetof(UnitData, expected))));
  as.cmp(x86::r11, x86::qword_ptr(x86::rdi, L.ts_eval_breaker));
  as.jne(slow);
  as.dec(x86::dword_ptr(x86::rdi, L.ts_py_recursion_remaining));
}

void Emitter::entry() {
  const bool function = f.kind == UnitKind::Function;
  code_.stackIs(8);
  if (function) functionChecks();
  else code_.load(x86::rax, int64_t(ctx.unitData));
  const uint32_t array = arrayWords_ ? 8 * (arrayWords_ + 1) : 0;
  code_.pushFrame((array + 15) / 16 * 16 + 8);
  as.mov(x86::r12, x86::rdi);
  as.mov(x86::rbx, x86::rsi);
  if (function) as.mov(x86::qword_ptr(x86::rbx, L.fr_funcobj), x86::rdx);
  if (borrowsFrame(f.kind)) as.lea(x86::r13, x86::ptr(x86::rdx, kRecordSize));
  else as.lea(x86::r13, x86::ptr(x86::rbx, int32_t(8 * f.framesize) + kRecordSize));
  if (!borrowsFrame(f.kind)) {
    as.lea(x86::r11, x86::ptr(x86::r13, int32_t(8 * ra.slots)));
    as.mov(x86::qword_ptr(x86::r12, L.ts_datastack_top), x86::r11);
  }
  as.mov(x86::qword_ptr(x86::r13, -kRecordSize), x86::rax);
  as.mov(x86::qword_ptr(x86::r13, -8), 0);
  as.inc(x86::qword_ptr(x86::rax, int32_t(offsetof(UnitData, entries))));
}

void Emitter::publish() {
  as.lea(x86::r11, x86::ptr(x86::r13, -kRecordSize));
  as.mov(x86::qword_ptr(x86::rbx, L.fr_localsplus + 8 * int32_t(f.nlocalsplus + f.stacksize - 1)), x86::r11);
  code_.callAddress(ctx.publish);
  published_ = true;
}

void Emitter::unlink(ValueId v) {
  if (!published_) return;
  if (f[v].state.valid()) {
    as.cmp(x86::qword_ptr(x86::rbx, L.fr_frame_obj), 0);
    const Stub& stub = newStub(v);
    as.jne(stub.entry);
    as.bind(stub.back);
  }
  as.mov(x86::r11, x86::qword_ptr(x86::rbx, L.fr_previous));
  as.mov(x86::qword_ptr(x86::r12, L.ts_current_frame), x86::r11);
  published_ = false;
}

void Emitter::loadResult(ValueId v) {
  const ValueId x = a.arg(v, 0);
  const Place at = placeIn(*fileBefore(v), x);
  if (at < kXmm) copyReg(rAX, uint8_t(at));
  else loadValue(rAX, x);
}

void Emitter::leaveFunction(ValueId v) {
  loadResult(v);
  code_.jumpAddress(ctx.leave);
}

// The caller (jit/generators.cpp) takes the depth of the frame's stack from the record, whose memory it gives back.
void Emitter::leaveGenerator(ValueId v) {
  if (f[v].op == Op::Yield) loadResult(v);
  else as.mov(x86::eax, Imm(kFinished));
  as.mov(x86::dword_ptr(x86::r13, kShownState), Imm(f.nlocalsplus + f[v].aux));
  code_.load(x86::r11, int64_t(f.codeBase[0] + 2 * uint64_t(f[v].imm)));
  as.mov(x86::qword_ptr(x86::rbx, L.fr_instr_ptr), x86::r11);
  code_.popFrame();
  as.ret();
  code_.stackIs(0);   // what follows is inside the unit's frame
}

bool Emitter::opFrame(ValueId v) {
  switch (f[v].op) {
    case Op::LoadSlot:
      as.mov(result(v), x86::qword_ptr(x86::rbx, L.fr_localsplus + int32_t(8 * f[v].imm)));
      return true;
    case Op::StoreSlot: storeValue(v, 0, x86::qword_ptr(x86::rbx, L.fr_localsplus + int32_t(8 * f[v].imm))); return true;
    case Op::LoadFunc: as.mov(result(v), x86::qword_ptr(x86::rbx, L.fr_funcobj)); return true;
    case Op::Call: case Op::CallArray: call(v); return true;
    case Op::CallUnit: callUnit(v); return true;
    case Op::CheckWorld: case Op::LeaveIfChanged: {
      const Stub& stub = newStub(v);
      code_.compareWorld(L.ts_eval_breaker);
      as.jne(stub.entry);
      as.bind(stub.back);
      return true;
    }
    case Op::Publish: publish(); return true;
    case Op::Unlink: unlink(v); return true;
    default: return false;
  }
}

void Emitter::notePc(ValueId v) {
  uint32_t code = 0;
  if (f[v].state.valid()) code = f[f[v].state].code;
  else if (!out_.pcs.empty()) code = out_.pcs.back().codeIndex;
  if (!out_.pcs.empty() && out_.pcs.back().pc == f[v].pc && out_.pcs.back().codeIndex == code) return;
  if (!out_.pcs.empty() && out_.pcs.back().codeOffset == code_.offset()) out_.pcs.pop_back();
  out_.pcs.push_back({code_.offset(), f[v].pc, code});
}

void Emitter::op(ValueId v) {
  notePc(v);
  plannedMoves(v);
  countGuard(v);
  if (!opInt(v) && !opFloat(v) && !opTest(v) && !opObject(v) && !opFrame(v)) fail("cannot emit " + printValue(f, v));
  if (a.role[v.raw] == Role::Normal && f[v].rep != Rep::None && (ra.slotUse[v.raw] & kStored) && a.nextAtDef[v.raw] != kDead)
    storeSlot(v, ra.plan[v.raw].result);
}

// Blocks that do nothing but jump on are jumped over.
void Emitter::threadJumps() {
  thread_.resize(f.blocks.size());
  for (uint32_t b = 0; b < thread_.size(); b++) thread_[b] = b;
  for (size_t i = a.rpo.size(); i-- > 0;) {   // later blocks first: they are final
    const uint32_t b = a.rpo[i];
    const Block& block = f.blocks[b];
    if (f[block.values.back()].op != Op::Jump || BlockId(b) == f.entry) continue;
    const uint32_t to = block.succ[0].raw;
    bool idle = a.rpoNumber[to] > i && sequence(edgeMoves(b, to)).empty();
    for (ValueId v : block.values) idle &= v == block.values.back() || !a.emitted(v);
    for (ValueId p : block.phis) idle &= !(ra.slotUse[p.raw] & kStored);
    if (idle) thread_[b] = thread_[to];
  }
}

// Where to jump for block b: at once to the exit, if it does nothing else.
Emitter::Label Emitter::target(uint32_t b) {
  const Block& block = f.blocks[b];
  const ValueId last = block.values.back();
  bool exits = f[last].op == Op::Exit && block.phis.empty();
  for (ValueId v : block.values) exits &= v == last || !a.emitted(v);
  if (!exits) return blockLabel_[b];
  const bool published = published_;
  published_ = publishedIn_[b] == 1;
  const Label exit = exitOf(last);
  published_ = published;
  return exit;
}

void Emitter::terminator(uint32_t b, ValueId v, uint32_t next) {
  notePc(v);
  plannedMoves(v);
  const Block& block = f.blocks[b];
  switch (f[v].op) {
    case Op::Jump:
      transfer(edgeMoves(b, block.succ[0].raw));
      if (thread_[block.succ[0].raw] != next) as.jmp(target(thread_[block.succ[0].raw]));
      break;
    case Op::Branch: {
      const uint32_t yes = thread_[block.succ[0].raw], no = thread_[block.succ[1].raw];
      const Label ifYes = target(yes), ifNo = target(no);
      const Flags flags = condition(v, a.inverted[v.raw] ? ifYes : ifNo);
      if (next == yes) {
        jumpIf(flags, false, ifNo);
        break;
      }
      jumpIf(flags, true, ifYes);
      if (next != no) as.jmp(ifNo);
      break;
    }
    case Op::Return: leaveFunction(v); break;
    case Op::Yield: case Op::Finish: leaveGenerator(v); break;
    case Op::Exit: as.jmp(exitOf(v)); break;
    default: as.ud2();
  }
}

void Emitter::block(uint32_t b, uint32_t next) {
  if (a.loopOf[b] == b) as.align(AlignMode::kCode, 16);
  as.bind(blockLabel_[b]);
  published_ = publishedIn_[b] == 1;
  for (uint8_t r = 0; r < 32; r++) {
    const ValueId v = ra.entry[b][r];
    if (v.valid() && f[v].op == Op::Phi && f[v].block == BlockId(b) && (ra.slotUse[v.raw] & kStored)) storeSlot(v, r);
  }
  for (ValueId v : f.blocks[b].values) {
    if (!a.emitted(v)) continue;
    if (info(f[v].op).effects & EffTerminator) terminator(b, v, next);
    else op(v);
  }
}

Assembled Emitter::run() {
  findPublished();
  if (!error_.empty()) {
    out_.error = error_;
    return std::move(out_);
  }
  out_.spillSlots = ra.slots;
  for (size_t i = 0; i < f.blocks.size(); i++) blockLabel_.push_back(as.newLabel());
  entry();
  threadJumps();
  std::vector<uint32_t> order;
  for (uint32_t b : a.layout)
    if (thread_[b] == b) order.push_back(b);
  order.push_back(kDead);
  auto isCold = [&](size_t i) { return i && (order[i] == kDead || f.blocks[order[i]].cold); };   // the entry's block is not
  size_t i = 0;
  for (; !isCold(i); i++) block(order[i], isCold(i + 1) ? kDead : order[i + 1]);
  code_.goCold();
  for (; order[i] != kDead; i++) block(order[i], order[i + 1]);
  undos();
  stubs();
  exits();
  out_.stack = std::move(code_.stack);
  out_.exits.done();
  out_.code = code_.finish();
  out_.error = error_.empty() ? code_.error() : error_;
  return std::move(out_);
}

Assembled emit(const Function& f, const EmitContext& ctx) {
  Assembled failed;
  const Analysis a(f);
  failed.error = a.error;
  if (!failed.error.empty()) return failed;
  const Allocation ra = allocate(a);
  failed.error = ra.error;
  if (!failed.error.empty()) return failed;
  return Emitter(f, ctx, a, ra).run();
}

}  // namespace od

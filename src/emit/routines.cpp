#include "emit/routines.h"

#include <asmjit/x86.h>

#include "emit/assembly.h"
#include "emit/exit_regs.h"
#include "support/helper_rows.h"

namespace od {

using namespace asmjit;

namespace {
Routine routine(Assembly& code) { return {code.finish(), std::move(code.stack)}; }

// Calls `function` (thread state, frame, ...) about the state that ecx tells (Emitter::shownWord); the address of the record
// goes into `record`.
void callShowing(Assembly& code, const Layout& layout, x86::Gp record, const void* function) {
  x86::Assembler& as = code.as;
  code.stackIs(8);
  as.movzx(x86::eax, x86::cx);
  as.mov(x86::dword_ptr(x86::r13, kShownState), x86::eax);
  as.shr(x86::ecx, 16);
  as.mov(x86::r11, x86::qword_ptr(x86::r13, -kRecordSize));
  as.mov(x86::r11, x86::qword_ptr(x86::r11, int32_t(offsetof(UnitData, firstInstr))));
  as.lea(x86::r11, x86::ptr(x86::r11, x86::rcx, 1));
  as.mov(x86::qword_ptr(x86::rbx, layout.fr_instr_ptr), x86::r11);
  as.mov(x86::rdi, x86::r12);
  as.mov(x86::rsi, x86::rbx);
  as.lea(record, x86::ptr(x86::r13, -kRecordSize));
  as.mov(x86::rax, Imm(uint64_t(function)));
  code.beginFrame();
  as.call(x86::rax);
  code.endFrame();
}

// Leaves through the state that has been shown instead of returning.
void leaveShown(Assembly& code, const void* exitStub) {
  code.stackIs(0);   // the unit's frame
  code.as.mov(x86::eax, x86::dword_ptr(x86::r13, kShownState));
  code.as.mov(x86::qword_ptr(x86::rsp), x86::rax);
  code.jumpAddress(exitStub);
}

void carryIfFailed(Assembly& code, Failure failure) {
  switch (failure) {
    case Failure::Never: return;   // nor is there one after the comparison of what is equal
    case Failure::Null: code.as.cmp(x86::rax, 1); return;
    case Failure::Neg: code.as.bt(x86::rax, 63); return;
    case Failure::One:
      code.as.lea(x86::r11, x86::ptr(x86::rax, -1));
      code.as.cmp(x86::r11, 1);
  }
}
}  // namespace

ShownCalls makeShownCalls(const Layout& layout, const Reach& reach, const void* const* helpers) {
  Assembly code(reach);
  x86::Assembler& as = code.as;
  ShownCalls out;
  out.at.assign(size_t(Helper::Count), ~0u);
  for (uint32_t h = 0; h < uint32_t(Helper::Count); h++) {
    const HelperInfo& row = helperInfo(Helper(h));
    if (!row.observable) continue;
    as.align(AlignMode::kCode, 16);
    out.at[h] = code.offset();
    code.beginFrame();
    if (row.passFrame) {
      as.mov(x86::rdi, x86::r12);
      as.mov(x86::rsi, x86::rbx);
    }
    code.callAddress(helpers[h]);
    code.endFrame();
    Label changed = as.newLabel();
    code.compareWorld(layout.ts_eval_breaker);
    as.short_().jne(changed);
    carryIfFailed(code, row.failure);
    as.ret();
    as.bind(changed);
    as.stc();
    as.ret();
  }
  static_cast<Routine&>(out) = routine(code);
  return out;
}

std::vector<const void*> ShownCalls::placedAt(const void* text) const {
  std::vector<const void*> out;
  for (uint32_t offset : at) out.push_back(offset == ~0u ? nullptr : static_cast<const uint8_t*>(text) + offset);
  return out;
}

Routine makePublish(const Layout& layout) {
  Assembly code;
  x86::Assembler& as = code.as;
  const auto unit = [](size_t offset) { return x86::ptr(x86::r11, int32_t(offset)); };
  const auto frame = [](int32_t offset) { return x86::ptr(x86::rbx, offset); };
  // Two words at once: they are neighbours, in the frame (cpython/v313/layout.cpp) as here.
  static_assert(offsetof(UnitData, stacktop) == offsetof(UnitData, firstInstr) + 8);
  code.stackIs(8);
  as.mov(x86::r11, x86::qword_ptr(x86::r13, -kRecordSize));
  as.movups(x86::xmm15, unit(offsetof(UnitData, firstInstr)));
  as.movups(frame(layout.fr_instr_ptr), x86::xmm15);
  as.mov(x86::r11, unit(offsetof(UnitData, code)));
  as.mov(frame(layout.fr_executable), x86::r11);
  as.mov(x86::r11, x86::qword_ptr(x86::r12, layout.ts_current_frame));
  as.mov(frame(layout.fr_previous), x86::r11);
  as.mov(x86::r11, frame(layout.fr_funcobj));
  as.movups(x86::xmm15, x86::ptr(x86::r11, layout.fn_globals));
  as.movups(frame(layout.fr_globals), x86::xmm15);
  as.xorps(x86::xmm15, x86::xmm15);
  as.movups(frame(layout.fr_locals), x86::xmm15);
  as.mov(x86::qword_ptr(x86::r12, layout.ts_current_frame), x86::rbx);   // last: signal handlers see whole frames only
  as.ret();
  return routine(code);
}

Routine makeLeave(const Layout& layout) {
  Assembly code;
  x86::Assembler& as = code.as;
  code.stackIs(0);   // the unit's frame
  as.mov(x86::qword_ptr(x86::r12, layout.ts_datastack_top), x86::rbx);
  as.inc(x86::dword_ptr(x86::r12, layout.ts_py_recursion_remaining));
  code.popFrame();
  as.ret();
  return routine(code);
}

Routine makeAskWorld(const Layout& layout, const Reach& reach, const void* checkWorld, const void* exitStub) {
  Assembly code(reach);
  Label leave = code.as.newLabel();
  callShowing(code, layout, x86::rdx, checkWorld);
  code.as.test(x86::eax, x86::eax);
  code.as.short_().jnz(leave);
  code.as.ret();
  code.as.bind(leave);
  leaveShown(code, exitStub);
  return routine(code);
}

Routine makeExitStub(const void* odExit) {
  Assembly code;
  x86::Assembler& as = code.as;
  const int32_t size = sizeof(ExitRegs);
  code.stackIs(0);   // the unit's frame
  as.lea(x86::rsp, x86::ptr(x86::rsp, -size));
  for (uint32_t r = 0; r < 16; r++) as.mov(x86::qword_ptr(x86::rsp, int32_t(8 * r)), x86::gpq(r));
  for (uint32_t r = 0; r < 16; r++) as.movsd(x86::qword_ptr(x86::rsp, int32_t(offsetof(ExitRegs, xmm) + 8 * r)), x86::xmm(r));
  as.mov(x86::rdi, x86::rsp);
  as.mov(x86::rsi, x86::r12);
  as.mov(x86::rdx, x86::rbx);
  as.mov(x86::rcx, x86::r13);
  as.mov(x86::r8, x86::qword_ptr(x86::r13, -kRecordSize));
  as.mov(x86::r9, x86::qword_ptr(x86::rsp, size));
  as.and_(x86::rsp, -16);
  as.mov(x86::rax, Imm(uint64_t(odExit)));
  as.call(x86::rax);
  as.mov(x86::rdi, x86::r12);
  as.mov(x86::rsi, x86::rbx);
  code.popFrame();
  Label go = as.newLabel();
  as.test(x86::rdx, x86::rdx);
  as.jnz(go);
  as.ret();
  as.bind(go);
  as.xchg(x86::rax, x86::rdx);
  as.jmp(x86::rax);
  return routine(code);
}

Routine makePolyFind(const FieldTable& table) {
  Assembly code;
  x86::Assembler& as = code.as;
  const auto field = [](size_t offset) { return int32_t(offset); };
  const int32_t last = sizeof(PolyEntry) * (PolySite::kEntries - 1);
  const x86::Gp version = x86::eax;
  Label done = as.newLabel(), miss = as.newLabel();
  code.stackIs(8);
  as.push(x86::rax);
  code.stackIs(16);
  as.push(x86::rcx);
  code.stackIs(24);
  as.mov(version, x86::dword_ptr(x86::rsp, 24));
  for (uint32_t i = 1; i < PolySite::kEntries; i++) {
    as.add(x86::r11, sizeof(PolyEntry));
    as.cmp(x86::dword_ptr(x86::r11, field(offsetof(PolyEntry, version))), version);
    as.short_().je(done);
  }
  as.mov(x86::ecx, x86::dword_ptr(x86::r11, field(offsetof(PolySite, nameHash)) - last));
  as.xor_(x86::ecx, version);
  as.and_(x86::ecx, table.count - 1);
  as.imul(x86::ecx, x86::ecx, sizeof(PolyEntry));
  as.add(x86::rcx, code.pool(uint64_t(table.entries)));
  as.cmp(x86::dword_ptr(x86::rcx, field(offsetof(PolyEntry, version))), version);
  as.short_().jne(miss);
  as.mov(x86::rax, x86::qword_ptr(x86::r11, field(offsetof(PolySite, name)) - last));
  as.cmp(x86::rax, x86::qword_ptr(x86::rcx, field(offsetof(PolyEntry, object))));
  as.short_().jne(miss);
  as.cmp(x86::byte_ptr(x86::rcx, field(offsetof(PolyEntry, field.check))), 0);
  as.short_().je(miss);
  as.mov(x86::r11, x86::rcx);
  as.bind(done);
  as.pop(x86::rcx);
  code.stackIs(16);
  as.pop(x86::rax);
  code.stackIs(8);
  as.ret(8);
  code.stackIs(24);
  as.bind(miss);
  as.xor_(x86::r11d, x86::r11d);
  as.short_().jmp(done);
  return routine(code);
}

Routine makePolyLoad(const Layout& layout) {
  Assembly code;
  x86::Assembler& as = code.as;
  const x86::Gp entry = x86::r11, owner = x86::rax, dict = x86::rax, keys = x86::rax, at = x86::rcx, found = x86::rdx;
  const auto of = [&](size_t offset) { return x86::qword_ptr(entry, int32_t(offset)); };
  const x86::Mem place = x86::byte_ptr(entry, int32_t(offsetof(PolyEntry, field.place)));
  const x86::Mem atWord = x86::dword_ptr(entry, int32_t(offsetof(PolyEntry, at)));
  Label inDict = as.newLabel(), ofClass = as.newLabel(), constant = as.newLabel(), unknown = as.newLabel(), done = as.newLabel();
  Label value = as.newLabel(), known = as.newLabel();
  code.stackIs(8);
  int depth = 8;
  for (const x86::Gp& r : {x86::rax, x86::rcx, x86::rdx}) {
    as.push(r);
    code.stackIs(depth += 8);
  }
  as.mov(owner, x86::qword_ptr(x86::rsp, 32));
  as.mov(found, of(offsetof(PolyEntry, found)));
  as.cmp(place, Imm(int(AttrPlace::OfClass)));
  as.je(ofClass);
  as.mov(at, x86::qword_ptr(owner, layout.ob_type));   // in case it is TypeOf
  as.short_().ja(unknown);
  as.cmp(place, Imm(int(AttrPlace::TypeOf)));
  as.short_().je(known);
  Label hidden = as.newLabel();
  as.test(found, found);
  as.short_().jz(hidden);
  as.mov(at, x86::qword_ptr(found, layout.ob_type));
  as.cmp(x86::qword_ptr(at, layout.tp_descr_set), 0);
  as.short_().jne(unknown);
  as.bind(hidden);
  as.cmp(place, Imm(int(AttrPlace::ValueOver)));
  as.je(value);
  as.short_().jb(unknown);   // a field that is not there
  as.mov(at, x86::qword_ptr(owner, layout.ob_type));
  as.mov(dict, x86::qword_ptr(owner, layout.managed_dict));
  as.test(dict, dict);
  as.short_().jz(unknown);
  as.cmp(place, Imm(int(AttrPlace::Dict)));
  as.je(inDict);
  as.mov(at, x86::qword_ptr(at, layout.ht_cached_keys));
  as.cmp(at, x86::qword_ptr(dict, layout.dict_keys));
  as.short_().jne(unknown);
  as.mov(dict, x86::qword_ptr(dict, layout.dict_values));
  as.test(dict, dict);
  as.short_().jz(unknown);
  as.mov(at.r32(), atWord);
  as.mov(x86::r11, x86::qword_ptr(dict, at, 3, layout.values_array));
  as.test(x86::r11, x86::r11);
  as.short_().jz(constant);
  as.bind(done);
  for (const x86::Gp& r : {x86::rdx, x86::rcx, x86::rax}) {
    as.pop(r);
    code.stackIs(depth -= 8);
  }
  as.ret(8);
  code.stackIs(32);
  as.bind(unknown);
  as.xor_(x86::r11d, x86::r11d);
  as.short_().jmp(done);
  as.bind(known);
  as.mov(x86::r11, at);
  as.short_().jmp(done);

  as.bind(value);
  as.cmp(x86::byte_ptr(owner, layout.inline_values + layout.values_valid), 0);
  as.short_().je(unknown);
  as.mov(at.r32(), atWord);
  as.mov(x86::r11, x86::qword_ptr(owner, at, 3));
  as.test(x86::r11, x86::r11);
  as.short_().jnz(done);
  as.short_().jmp(constant);

  // What the class has, if it is no descriptor and there is such a thing.
  as.bind(ofClass);
  as.mov(at.r32(), x86::dword_ptr(owner, layout.tp_version_tag));
  as.cmp(at.r32(), atWord);
  as.short_().jne(unknown);
  as.bind(constant);
  as.test(found, found);
  as.short_().jz(unknown);
  as.mov(at, x86::qword_ptr(found, layout.ob_type));
  as.cmp(x86::qword_ptr(at, layout.tp_descr_get), 0);
  as.short_().jne(unknown);
  as.mov(x86::r11, found);
  as.short_().jmp(done);

  // Entries lie behind the keys' index table.
  as.bind(inDict);
  as.mov(keys, x86::qword_ptr(dict, layout.dict_keys));
  as.cmp(x86::byte_ptr(keys, layout.keys_kind), layout.keys_kind_unicode);
  as.jne(unknown);
  as.movzx(at.r32(), x86::byte_ptr(keys, layout.keys_log2_index_bytes));
  as.mov(x86::edx, 1);
  as.shl(x86::rdx, x86::cl);
  as.mov(at.r32(), atWord);
  as.cmp(at, x86::qword_ptr(keys, layout.keys_nentries));
  as.jae(unknown);
  as.add(keys, x86::rdx);
  as.shl(at, 4);
  as.mov(x86::rdx, of(offsetof(PolyEntry, object)));
  as.cmp(x86::rdx, x86::qword_ptr(keys, at, 0, layout.keys_indices));
  as.jne(unknown);
  as.mov(x86::r11, x86::qword_ptr(keys, at, 0, layout.keys_indices + 8));
  as.jmp(done);
  return routine(code);
}

Routine makeFreeLeaf(const Layout& layout, const IntFreeList* ints) {
  Assembly code;
  x86::Assembler& as = code.as;
  const x86::Gp obj = x86::r11, list = x86::rax, next = x86::rcx;
  Label isInt = as.newLabel(), isFloat = as.newLabel(), leaf = as.newLabel(), freed = as.newLabel();
  auto ifKind = [&](Kind k, Label then) {
    as.cmp(list, code.pool(uint64_t(layout.kindType[unsigned(k)])));
    as.short_().je(then);
  };
  auto popBoth = [&] {
    as.pop(next);
    code.stackIs(16);
    as.pop(list);
    code.stackIs(8);
  };
  auto done = [&] {
    as.ret();
    code.stackIs(24);
  };
  code.stackIs(8);
  as.push(list);
  code.stackIs(16);
  as.push(next);
  code.stackIs(24);
  as.mov(list, x86::qword_ptr(obj, layout.ob_type));
  ifKind(Kind::Str, leaf);
  ifKind(Kind::Int, isInt);
  ifKind(Kind::Float, isFloat);
  popBoth();
  as.test(x86::rsp, x86::rsp);   // neither zero nor carry
  done();
  // An int of one digit goes to our own list.
  as.bind(isInt);
  as.cmp(x86::qword_ptr(obj, layout.long_tag), 16);
  as.short_().jae(leaf);
  as.mov(list, Imm(uint64_t(ints)));
  as.cmp(x86::qword_ptr(list, int32_t(offsetof(IntFreeList, count))), Imm(kIntFreeMax));
  as.short_().jge(leaf);
  as.mov(next, x86::qword_ptr(list));
  as.mov(x86::qword_ptr(obj, layout.ob_refcnt), next);
  as.mov(x86::qword_ptr(list), obj);
  as.inc(x86::qword_ptr(list, int32_t(offsetof(IntFreeList, count))));
  as.short_().jmp(freed);
  // A float to CPython's, whose count lies elsewhere.
  as.bind(isFloat);
  as.mov(list, Imm(uint64_t(layout.floatFreeCount)));
  as.cmp(x86::dword_ptr(list), layout.floatFreeMax);
  as.short_().jge(leaf);
  as.inc(x86::dword_ptr(list));
  as.mov(list, Imm(uint64_t(layout.floatFreeList)));
  as.mov(next, x86::qword_ptr(list));
  as.mov(x86::qword_ptr(obj, layout.ob_type), next);
  as.mov(x86::qword_ptr(list), obj);
  as.bind(freed);
  popBoth();
  as.cmp(x86::rsp, x86::rsp);
  done();
  as.bind(leaf);
  popBoth();
  as.test(x86::rsp, x86::rsp);
  as.stc();
  done();
  return routine(code);
}

Routine makeReleaseShown(const Layout& layout, const Reach& reach, const Releasing& how) {
  Assembly code(reach);
  x86::Assembler& as = code.as;
  Label leaf = as.newLabel(), leave = as.newLabel();
  code.stackIs(8);
  as.short_().jc(leaf);
  callShowing(code, layout, x86::rcx, how.release);
  code.compareWorld(layout.ts_eval_breaker);
  as.short_().jne(leave);
  as.ret();
  as.bind(leaf);
  as.mov(x86::rdi, x86::rdx);
  code.jumpAddress(how.dealloc);
  as.bind(leave);
  leaveShown(code, how.exitStub);
  return routine(code);
}

}  // namespace od

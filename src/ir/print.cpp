// Readable, stable text of the IR: one line a value, blocks in order. Used by dumps, tests and the verifier's messages.
//
//   b1 (loop, depth 1) <- b0 b2
//     v7:int = Phi v3 v9
//     v8:bool = CmpI.lt v7 v4
//     Branch v8 b2 b3
#include <bit>
#include <cinttypes>
#include <cstdio>
#include "ir/ir.h"

namespace od {
namespace {

const char* const kKindNames[] = {
#define KIND(name, py, leaf) py,
    OD_KINDS(KIND)
#undef KIND
};

std::string hex(uint64_t n) {
  char buf[24];
  snprintf(buf, sizeof buf, "0x%" PRIx64, n);
  return buf;
}

bool hasCond(Op op) { return op == Op::CmpI || op == Op::CmpF || op == Op::GuardCmp; }
bool hasKindImm(Op op) { return op == Op::GuardKind || op == Op::IsKind; }
bool hasAddressImm(Op op) { return op == Op::ConstObj || op == Op::GuardIs || op == Op::IsObj || op == Op::CallUnit; }

std::string resultText(const Function& f, ValueId id) {
  const Value& v = f[id];
  if (v.rep == Rep::None) return "";
  std::string s = "v" + std::to_string(id.raw) + ":";
  if (v.rep == Rep::Obj && v.type.mask != 0) s += typeName(v.type);
  else s += repName(v.rep);
  return s + " = ";
}

std::string immText(const Value& v) {
  if (v.op == Op::ConstF64) {
    char buf[40];
    snprintf(buf, sizeof buf, " %.17g", std::bit_cast<double>(v.imm));
    return buf;
  }
  if (hasKindImm(v.op)) return std::string(" ") + kindName(Kind(v.imm));
  if (hasAddressImm(v.op)) return " " + hex(uint64_t(v.imm));
  const bool shown = v.imm != 0 || v.op == Op::ConstI64 || v.op == Op::ConstBool || v.op == Op::LoadSlot;
  return shown ? " #" + std::to_string(v.imm) : "";
}

std::string slotText(const StateSlot& s) {
  if (!s.value.valid()) return "null";
  return "v" + std::to_string(s.value.raw) + (s.owned ? "!" : "");
}

std::string stateText(const Function& f, StateId id) {
  const FrameState& s = f[id];
  static const char* const kinds[] = {"resume", "raise", "return"};
  std::string t = "s" + std::to_string(id.raw) + ": " + kinds[unsigned(s.kind)] + " at " + std::to_string(s.at) + " -> " +
                  std::to_string(s.resume);
  if (s.parent.valid()) t += " parent s" + std::to_string(s.parent.raw);
  if (s.code) t += " code " + std::to_string(s.code);
  if (s.drop) t += " drop " + std::to_string(s.drop);
  t += " [";
  for (size_t i = 0; i < s.slots.size(); i++) t += (i ? " " : "") + slotText(s.slots[i]);
  t += "]";
  if (!s.pending.empty()) {
    t += " pending";
    for (ValueId p : s.pending) t += " v" + std::to_string(p.raw);
  }
  return t;
}

std::string blockText(const Function& f, uint32_t i) {
  const Block& b = f.blocks[i];
  std::string t = "b" + std::to_string(i);
  if (b.loopHeader) t += " loop";
  if (b.loopDepth) t += " depth " + std::to_string(b.loopDepth);
  if (b.cold) t += " cold";
  if (!b.preds.empty()) t += " <-";
  for (BlockId p : b.preds) t += " b" + std::to_string(p.raw);
  t += "\n";
  for (ValueId v : b.phis) t += "  " + printValue(f, v) + "\n";
  for (ValueId v : b.values) t += "  " + printValue(f, v) + "\n";
  return t;
}

}  // namespace

const char* kindName(Kind k) { return k < Kind::Count ? kKindNames[unsigned(k)] : "?"; }

const char* repName(Rep r) {
  static const char* const names[] = {"none", "obj", "i64", "f64", "b1"};
  return names[unsigned(r)];
}

const char* condName(Cond c) {
  static const char* const names[] = {"lt", "le", "eq", "ne", "gt", "ge", "ult", "ule", "ugt", "uge"};
  return names[unsigned(c)];
}

std::string typeName(Type t) {
  if (t.mask == 0) return "never";
  if (t == Type::object()) return "object";
  if (t == Type::nullable()) return "object?";
  std::string s;
  for (unsigned k = 1; k < unsigned(Kind::Count); k++)
    if (t.may(Kind(k))) s += (s.empty() ? "" : "|") + std::string(kindName(Kind(k)));
  if (s.empty()) return "null";
  return t.mayBeNull() ? s + "?" : s;
}

std::string printValue(const Function& f, ValueId id) {
  const Value& v = f[id];
  std::string s = resultText(f, id) + info(v.op).name;
  if (hasCond(v.op)) s += std::string(".") + condName(Cond(v.aux));
  else if (v.aux) s += "." + std::to_string(v.aux);
  for (uint32_t i = 0; i < v.count; i++) s += " v" + std::to_string(f.arg(id, i).raw);
  s += immText(v);
  if (info(v.op).effects & EffTerminator && v.block.valid())
    for (BlockId b : f[v.block].succ)
      if (b.valid()) s += " b" + std::to_string(b.raw);
  if (v.state.valid()) s += " state s" + std::to_string(v.state.raw);
  if (v.after.valid()) s += " after s" + std::to_string(v.after.raw);
  return s;
}

std::string print(const Function& f) {
  static const char* const kinds[] = {"function", "loop", "continuation", "resume"};
  std::string t = std::string(kinds[unsigned(f.kind)]) + " " + f.name + " entry b" + std::to_string(f.entry.raw) + "\n";
  for (uint32_t i = 0; i < f.blocks.size(); i++) t += blockText(f, i);
  for (uint32_t i = 0; i < f.states.size(); i++) t += stateText(f, StateId(i)) + "\n";
  return t;
}

}  // namespace od

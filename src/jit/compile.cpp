// The whole compiler, one call: snapshot on a Python thread, then build, optimise and emit anywhere.
#include "jit/compile.h"
#include "build/builder.h"
#include "cpython/v313/snapshot.h"
#include "emit/disassemble.h"
#include "jit/conductor.h"
#include "opt/pipeline.h"

namespace od {
namespace {

struct Learnt : LearntProfile {
  Profile* profile;
  explicit Learnt(const Profile* p) : profile(const_cast<Profile*>(p)) {}
  void failedGuesses(std::vector<uint64_t>& out) const override {
    if (profile)
      for (auto& [pc, reason] : profile->failed) out.push_back(uint64_t(pc) << 16 | reason);
  }
  void* slot(uint32_t offset) override { return profile ? profile->typesAt(offset) : nullptr; }
  bool callsMethods(uint32_t offset) override { return profile && profile->callsMethods(offset); }
  void* site(uint32_t offset) override { return profile ? profile->siteAt(offset) : nullptr; }
  bool isVaried(PyObject* name) override { return od::isVaried(name); }
  CodeCell* cellOf(PyCodeObject* code) override {
    Cell* cell = cellFor(code);
    cell->pinned = true;
    return cell->elsewhere ? nullptr : cell;
  }
};

std::string bytecodeText(const Snapshot& s) {
  std::string out = "bytecode of " + s.name + " (" + s.filename + ":" + std::to_string(s.firstLine) + ")\n";
  for (const Instr& in : s.instrs)
    out += "  " + std::to_string(in.at) + "\t" + instName(in.op) + " " + std::to_string(in.arg) +
           (in.target ? " -> " + std::to_string(in.target) : "") +
           (in.fb.spec > Spec::Never ? "  # specialised " + std::to_string(int(in.fb.spec)) : in.fb.spec == Spec::Never ? "  # never run" : "") + "\n";
  return out;
}

#ifdef OVERDRIVE_VERIFY
constexpr bool kVerify = true;
#else
constexpr bool kVerify = false;
#endif

}  // namespace

void SnapshotDeleter::operator()(Snapshot* s) const {
  for (const void* o : s->held) Py_DECREF((PyObject*)o);
  delete s;
}

SnapshotPtr snapshot(const CompileRequest& r) {
  SnapshotRequest q;
  Learnt learnt(r.profile);
  q.code = r.code;
  q.function = r.func;
  q.kind = r.kind;
  q.pc = r.pc;
  q.depth = r.depth;
  q.live = r.liveSlots;
  q.liveCount = r.liveSlots && r.depth != ~0u ? uint32_t(r.code->co_nlocalsplus) + r.depth : 0;
  q.generic = r.generic;
  q.learnt = &learnt;
  SnapshotPtr s(takeSnapshot(q).release());
  s->dumpBytecode = r.dumpBytecode;
  s->dumpIr = r.dumpIr;
  s->dumpAsm = r.dumpAsm;
  return s;
}

CompileResult compile(Snapshot& s, const EmitContext& context) {
  CompileResult result;
  if (s.dumpBytecode) result.dump += bytecodeText(s);
  bool whole = s.kind == UnitKind::Function;
  result.depth = s.entryDepth;
  if (compileCancelled) {
    result.declined = "cancelled";
    return result;
  }
  if (whole && (s.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR))) {
    result.declined = reasonRow(uint16_t(Reason::generator)).name;
    return result;
  }
  Builder builder(s, *context.layout);
  if (!builder.run()) {
    result.declined = reasonRow(uint16_t(builder.declined)).name;
    return result;
  }
  PassOptions options;
  options.off = od::options().passesOff;
  options.verify = kVerify;
  if (s.dumpIr)
    options.afterPass = [&](const char* pass, const Function& f) { result.dump += std::string("; after ") + pass + "\n" + print(f) + "\n"; };
  if (std::string why = optimise(builder.f, options); !why.empty()) {
    result.dump += "verifier: " + why + "\n" + print(builder.f);
    result.declined = reasonRow(uint16_t(Reason::internal_error)).name;
    return result;
  }
  if (compileCancelled) {
    result.declined = "cancelled";
    return result;
  }
  result.code = emit(builder.f, context);
  if (result.code.error == kOutOfMemory) {
    result.declined = kNoMemory;
    return result;
  }
  if (!result.code.error.empty()) {
    result.dump += "emit: " + result.code.error + "\n";
    result.declined = reasonRow(uint16_t(Reason::too_large)).name;
    return result;
  }
  if (s.dumpAsm) result.dump += disassemble(result.code, builder.f.name);
  result.cells = std::move(builder.cells);
  for (const void* o : s.held) result.keep.push_back((PyObject*)o);
  return result;
}

}  // namespace od

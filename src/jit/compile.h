// The compiler as the conductor sees it: live objects are read once, on a Python thread, into a Snapshot; from there on
// everything is pure and may run on any thread without the GIL.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>
#include "cpython/v313/python.h"
#include "emit/emit.h"
#include "support/profile.h"

namespace od {

// CompileResult::declined where memory was short: nothing is noted about the code, which stays interpreted.
constexpr const char* kNoMemory = "no_memory";

struct Snapshot;                      // defined by the compiler
struct SnapshotDeleter { void operator()(Snapshot*) const; };   // drops references: on a Python thread
using SnapshotPtr = std::unique_ptr<Snapshot, SnapshotDeleter>;

struct CompileRequest {
  PyCodeObject* code = nullptr;
  UnitKind kind = UnitKind::Function;
  uint32_t pc = 0;                    // first instruction
  uint32_t depth = 0;                 // value stack entries there; ~0: not known, to be derived from the bytecode
  PyFunctionObject* func = nullptr;   // may be null
  PyObject** liveSlots = nullptr;     // localsplus and stack at this moment, for type hints; may be null
  bool generic = false;               // no speculation
  const Profile* profile = nullptr;
  bool dumpBytecode = false, dumpIr = false, dumpAsm = false;
};

struct CompileResult {
  Assembled code;
  std::string declined;               // a DECLINE row's name; empty: compiled
  double ms = 0;                      // set by runJob
  uint32_t depth = 0;                 // value stack entries at entry (the request may not have known)
  std::vector<CodeCell*> cells;       // cells whose entries the code calls
  std::vector<PyObject*> keep;        // objects whose addresses are in the code; the snapshot holds them until install
  std::string dump;                   // text asked for by the request
};

// Set when the process is about to fork or end: compile() looks at it between passes and declines with "cancelled".
extern std::atomic<bool> compileCancelled;

SnapshotPtr snapshot(const CompileRequest& request);
CompileResult compile(Snapshot& s, const EmitContext& context);

}  // namespace od

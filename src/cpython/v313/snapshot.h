// Reads a live code object and what its inline caches point at into a Snapshot. Needs the GIL; runs no Python code.
#pragma once
#include <Python.h>
#include <memory>
#include "bytecode/code.h"

namespace od {

// What the runtime has learnt about a code object beside its inline caches.
struct LearntProfile {
  virtual ~LearntProfile() = default;
  virtual void failedGuesses(std::vector<uint64_t>& out) const = 0;                // (offset << 16 | reason)
  virtual void* slot(uint32_t offset) = 0;                                         // TypeProfile for a generic helper
  virtual void* site(uint32_t offset) = 0;                                         // PolySite
  virtual bool callsMethods(uint32_t offset) = 0;                                  // bound ones
  virtual bool isVaried(PyObject* name) = 0;                                       // attribute: many classes have it
  virtual CodeCell* cellOf(PyCodeObject* code) = 0;                                // created on demand
};

struct SnapshotRequest {
  PyCodeObject* code = nullptr;
  PyFunctionObject* function = nullptr;   // a function with that code, for its namespaces; may be null for units in the middle
  PyObject* globals = nullptr;            // of the frame, if there is no function
  PyObject* builtins = nullptr;
  UnitKind kind = UnitKind::Function;
  uint32_t pc = 0, depth = 0;
  PyObject** live = nullptr;              // the frame's slots (locals, then stack), for type hints; may be null
  uint32_t liveCount = 0;
  bool generic = false;
  LearntProfile* learnt = nullptr;
};

// What the unit must keep alive is held by the snapshot (Snapshot::held) until the unit takes it over.
std::unique_ptr<Snapshot> takeSnapshot(const SnapshotRequest& request);

}  // namespace od

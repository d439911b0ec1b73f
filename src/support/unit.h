// What compiled code and the runtime share at run time. Offsets into these structs are used by emitted code
// (static_asserts in emit). Code is immutable once installed; everything that changes is here, as data.
#pragma once
#include <cstddef>
#include <cstdint>

namespace od {

struct Unit;

// One for each code object that was ever compiled or called from compiled code. Compiled callers call through `entry`.
struct CodeCell {
  void* entry;          // PyObject* (*)(PyThreadState*, _PyInterpreterFrame*, PyObject* func): frame lies at datastack_top,
                        // arguments owned in localsplus[0..argcount). Compiled code, or the trampoline to the interpreter.
  const void* code;     // PyCodeObject*; null once it is gone
};

constexpr uintptr_t kFinished = 2;   // what compiled code returns for a generator that ends, instead of an object

// The head of a compiled unit's data, at a fixed address as long as any activation lives.
struct UnitData {
  uint64_t expected;    // value of tstate->eval_breaker under which the code may go on; ~0 once it may not
  Unit* unit;
  uint64_t entries;     // activations started, for `explain`
  // What goes into the header of a frame that is published.
  const void* code;
  const void* firstInstr;
  uint64_t stacktop;    // and what lies behind it, up to the frame's locals
};

// Blocks of dead one-digit ints, kept for new ones: linked through their first word; their type stays. Guarded by the GIL.
struct IntFreeList {
  void* head;
  int64_t count;
};
constexpr int64_t kIntFreeMax = 256;

// Lies on the datastack just below the spill area (spill base = address of the record + sizeof).
struct NativeRecord {
  UnitData* unit;       // written at entry
  uint32_t state;       // StateId at the latest call-out: how to find the frame's values. Of a generator that has been
                        // left: the depth of its stack, for the frame's stacktop
  uint32_t flags;       // kRecord*
};
constexpr uint32_t kRecordLocalsOut = 1;   // f_locals was handed out: localsplus is filled; leave after the call-out
static_assert(sizeof(NativeRecord) == 16);

// How the caller's C frame is found from an offset into a piece of code to the next row's: it begins `depth` bytes above rsp,
// with rbp still the caller's; depth 0: 16 bytes above rbp, where the caller's rbp lies. Debuggers and profilers are told.
struct StackRow { uint32_t offset, depth; };

}  // namespace od

// A compiled unit as the runtime sees it: where its code lies, how its frames are found again, what it counts.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <vector>
#include "cpython/v313/seam.h"
#include "emit/exit_map.h"
#include "emit/emit.h"
#include "support/unit.h"

namespace od {

struct Cell;

// How one slot of the interpreter's frame gets its reference from the state's values.
struct Fill {
  enum How : uint8_t {
    Null,
    Take,    // what compiled code holds becomes the slot's
    Share,   // another reference
    Box,     // an unboxed value, once
    Again,   // the same object as slot `payload`, which has been boxed
  } how;
  Where where;
  Rep rep;
  bool mayBeUnbound;
  uint64_t payload;
};

// A handler in a code object: its offset, and the depth of the stack that it expects below what is pushed for it.
struct Handler { uint32_t target, depth; bool lasti; };

// A state that was looked at, with what follows from it: the plan for the frame, and where an exception goes.
struct KnownState : DecodedState {
  KnownState(StateId id, DecodedState&& s);   // materialise.cpp
  const StateId id;
  std::vector<Fill> fills;                 // by slot
  std::vector<Fill> left;                  // references that no slot takes, in the order in which they are given up
  enum : uint8_t { Unknown, None, Found } hasHandler = Unknown;
  Handler handler{};
};

UnitData& newUnitData();   // record.cpp

struct Unit {
  UnitData& data = newUnitData();  // its address is baked into the code
  UnitKind kind = UnitKind::Function;
  uint32_t entryPc = 0, entryDepth = 0;
  PyCodeObject* code = nullptr;    // borrowed: frames of this unit keep it alive; null once it is gone
  Cell* cell = nullptr;
  void* entry = nullptr;
  CodePlace text;
  uint32_t spillSlots = 0;
  ExitMap exits;
  std::vector<std::unique_ptr<KnownState>> decoded;     // those that were looked at, by their ids
  PcMap pcs;                       // these two while there is text
  std::vector<StackRow> stack;
  std::vector<PyObject*> keep;     // strong references to what the code has folded
  std::vector<CodeCell*> callees;  // called through their entries

  bool valid = true;               // what it relies on has not changed
  uint32_t localsOut = 0;          // activations whose locals were handed out and that have not left yet
  std::vector<uint32_t> exitCounts;    // by state
  uint64_t guessFailures = 0;
  uint64_t failuresAtLastAsk = 0;
  uint32_t visits = 0;             // of a loop, lately,
  uint64_t visitCycles = 0;        // and how long they were
  uint64_t judgedAt = 0;           // of a generator: data.entries when it was last judged,
  uint32_t handedOver = 0;         // and how often it ended in the interpreter since
  double compileMs = 0;
  int line = 0;                    // where a loop or handler begins
  std::map<uint32_t, int> exitLines;   // of the instructions where it was left, once the code object is gone
  uint64_t entriesSeen = 0;        // data.entries when memory was last reclaimed

  // A state as the exit map tells it, decoded once. The GIL protects it.
  KnownState& state(StateId id);   // exit.cpp

  uint32_t nlocalsplus() const { return uint32_t(code->co_nlocalsplus); }
};

// Words that every native activation leaves free above itself: arguments and headers of the frames it calls.
constexpr int kStackReserve = 160;

// Words that a call of the unit takes, with all that it leaves free.
inline int callWords(const Unit& u) {
  constexpr int kOutgoing = 256;   // what it may build at its end for the calls it makes
  return u.code->co_framesize + 2 + int(u.spillSlots) + kStackReserve + kOutgoing;
}

// Loop units: entry(ts, frame, record). Function units: entry(ts, frame, func). Continuations: entry(ts, frame).
using LoopEntry = void* (*)(PyThreadState*, Frame*, NativeRecord*);
using FunctionEntry = PyObject* (*)(PyThreadState*, Frame*, PyObject*);

// What the entry of a Loop or Resume unit returns (odExit decides, but for the last).
enum class LoopResult : uintptr_t {
  Propagate = 0,   // exception set, to be raised by the interpreter at frame->instr_ptr (no traceback entry added yet)
  Resumed = 1,     // the frame is complete: go on at frame->instr_ptr
  Finished = kFinished,   // the generator's frame is complete, and returns what is on top of its stack
                   // anything else: the object that a generator yields
};

// The conductor's ears; set once at start-up (frames/ does not know jit/).
struct FrameHooks {
  void (*guessFailed)(Unit*, uint32_t at, uint16_t reason);             // counted already
  Unit* (*continuation)(Unit*, uint32_t handler, uint32_t depth);       // an exception goes to a handler: its unit, or null
};
extern FrameHooks frameHooks;

// deopt:N: compiled code counts guards down and leaves at 0.
struct ForcedExits { uint64_t countdown = ~uint64_t(0), every = 0; };
extern ForcedExits forcedExits;

}  // namespace od

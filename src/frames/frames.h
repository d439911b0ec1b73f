// The interpreter's frames seen from compiled code: filling them, leaving through them, showing them to others.
#pragma once
#include "frames/unit.h"
#include "emit/exit_regs.h"

namespace od {

// --- materialise.cpp
// Where the values of a state are read: registers as saved by the exit stub (null at call-outs: everything is spilled)
// and the spill area behind the record.
struct ValueSource {
  const ExitRegs* regs;
  const uint64_t* spill;
};
inline const uint64_t* spillOf(const NativeRecord* rec) { return reinterpret_cast<const uint64_t*>(rec + 1); }

// References that the state owns and no slot shows, to be given up once the frame can be looked at, in this order.
class Leftovers {
 public:
  void add(PyObject* o) {
    if (count_ < kFew) few_[count_++] = o;
    else many_.push_back(o);
  }
  void release();
 private:
  static constexpr uint32_t kFew = 8;   // more are rare
  PyObject* few_[kFew];
  uint32_t count_ = 0;
  std::vector<PyObject*> many_;
};
// Moves the state's values into localsplus and the value stack, an owned reference in each slot; sets stacktop.
// localsOut: localsplus already holds the locals (f_locals was handed out) and they win.
void materialise(Frame* f, PyCodeObject* code, const KnownState& s, ValueSource from, bool localsOut, Leftovers& left);
// The locals, in localsplus, while the frame stays in compiled code.
void showLocalsIn(Frame* f, PyCodeObject* code, const DecodedState& s, const NativeRecord* rec);

// --- record.cpp: from a native frame to its record
NativeRecord* recordOf(Frame* f);
void noteLoopFrame(Frame* f, NativeRecord* rec);   // Loop units: the frame's last word may hold a value
void forgetLoopFrame(Frame* f);
bool mayRunNow(PyThreadState* ts, Unit* u);        // the world is as the unit expects it
NativeRecord* prepareLoopFrame(PyThreadState* ts, Frame* f, Unit* u);   // the interpreter's frame for a Loop unit; null: not now

// --- world.cpp
uint64_t expectedWorld(PyThreadState* ts, const Unit& u);   // kClosed if the unit may not run now
void setAllocationTraced(bool on);                          // tracemalloc looks at frames at every allocation
bool allocationTraced();
bool worldIsOpen(PyThreadState* ts);
// A frame shown for the time of a call although compiled code has not published it.
class Shown {
 public:
  Shown(PyThreadState* ts, Frame* f, NativeRecord* rec);
  bool hide();             // false: someone holds the frame object, so it stays published
 private:
  PyThreadState* ts_;
  Frame* frame_;
  bool mine_;
};

// --- raise.cpp
bool findHandler(PyCodeObject* code, uint32_t at, Handler* out);
const Handler* handlerOf(KnownState& s, PyCodeObject* code);   // of the state's instruction, looked up once; may be null
// An exception is set; frame is current, complete and shows `at`. Adds the traceback entry, finds the handler, unwinds the
// value stack and pushes what the handler expects. Returns the handler's offset, or -1 with an empty value stack.
int unwindToHandler(PyThreadState* ts, Frame* f, uint32_t at);
// The same when its handler is known; null: there is none.
int unwindTo(PyThreadState* ts, Frame* f, uint32_t at, const Handler* h);

// --- tell.cpp
// The frame is complete and current, and shows the instruction that it will be entered at, behind the one at `from`. Tools that
// have begun to watch are told of the line that begins there: the interpreter would take it for one told before. False: one
// of them has raised. They may make the frame go on elsewhere.
bool tellLine(PyThreadState* ts, Frame* f, uint32_t from);
// The same for the jump at which the frame stands.
bool tellJump(PyThreadState* ts, Frame* f, uint32_t target);

// --- fhook.cpp
bool installLocalsHook();   // false: someone else has hooked it
void removeLocalsHook();
void showLocals(Frame* f);    // fills a native frame's locals in

// --- spare.cpp
bool keepSpares();                       // while there is memory; false if there is none
PyObject* spareInt(int64_t v);           // after PyLong_FromLongLong(v) has failed
PyObject* spareFloat(double v);

// --- chunks.cpp
void keepChunks();        // of the datastack, from now on

// --- refcount.cpp
Py_ssize_t missingReferences(PyObject* object);   // those that frames would hold if they were the interpreter's

// --- super.cpp
void installSuperHook();      // stays for good: frames may outlive the compiler's being switched off

// --- routines called by compiled code
extern "C" {
ExitAnswer odExit(ExitRegs* regs, void* ts, void* frame, uint64_t* spill, UnitData* unit, uint64_t state);
int64_t odCheckWorld(PyThreadState* ts, Frame* f, NativeRecord* rec);
int64_t odDropFrameObject(PyThreadState* ts, Frame* f, NativeRecord* rec);
void odRelease(PyThreadState* ts, Frame* f, PyObject* o, NativeRecord* rec);
}

}  // namespace od

// The conductor: decides what is compiled, has it compiled, installs it, retires it. Everything here runs with the GIL,
// on a Python thread, unless it says otherwise.
#pragma once
#include <atomic>
#include <memory>
#include "base/work_memory.h"
#include "jit/cell.h"
#include "jit/compile.h"
#include "jit/modes.h"

namespace od {

// --- conductor.cpp: what to compile
enum class When { Soon, Now };   // in the background, or before the caller goes on
struct Wish {
  Cell* cell;
  UnitKind kind;
  uint32_t pc = 0, depth = 0;
  PyFunctionObject* func = nullptr;   // a function with this code, to learn from and to promote; may be null
  PyObject** liveSlots = nullptr;
};
void request(const Wish& w, When when);
std::string tryCompile(PyCodeObject* code);   // compiles and throws away; the reason row's name if declined
void stopCompiling();                          // nothing is requested or installed from here on
void startCompiling();
bool compiling();
void giveUpLoop(Unit* u);                      // it stays interpreted
void callsManyTimes(PyFunctionObject* func, Cell* cell);
extern std::atomic<uint32_t> busyMs;           // CPU time of the program, as the worker has last seen it
// Whether what has been counted `times` since then happens often enough to be compiled for its own sake. Counts from now on.
bool isOften(uint32_t times, uint32_t& since);
// Compiled code has called a function that is interpreted: what hot code calls often is hot.
inline void countInterpretedCall(PyFunctionObject* func, Cell* cell) {
  constexpr uint32_t kCalls = 200;
  if (cell && ++cell->calls % kCalls == 0 && options().how == Mode::Auto && isOften(kCalls, cell->callsSince)) [[unlikely]]
    callsManyTimes(func, cell);
}
bool isVaried(PyObject* attribute);            // in several places, guesses about the class that has it failed
void actOnLearnt();                              // recompiles what helpers have noted since the last time
FrameHooks conductorHooks();

struct Totals { uint64_t compiled = 0, declined = 0, deopts = 0, retired = 0, invalidated = 0; double compileMs = 0; };
extern Totals totals;

// A compilation under way. The snapshot and the references are dropped with the GIL held.
struct Job {
  WorkMemory memory;         // of all that compiling allocates, its results included: install copies what stays
  CompileRequest request;
  Cell* cell = nullptr;
  Unit* unit = nullptr;
  SnapshotPtr snap{};
  CompileResult result;
  EmitContext context;
  uint32_t generation = 0;   // of the conductor; an older one is thrown away
};
void runJob(Job& job);                         // any thread
void finishJob(std::unique_ptr<Job> job);      // installs or records why not

// --- install.cpp: units
EmitContext emitContext(Unit* u);
std::string install(Job& job);                 // empty, or the DECLINE row's name
void retire(Unit* u);                          // not entered any more; memory goes when its last activation has left
void retireAll(Cell* cell);
void invalidate(Unit* u);                      // what it relies on has changed: activations leave at their next check
void closeAll();                               // the world has changed without a trace: all of them look again
void reapRetired();                            // frees what nobody executes
const std::vector<Unit*>& installedUnits();
const std::vector<Unit*>& everInstalled();
const Layout& layout();
void prepareInstall();                         // once, at start-up

// --- entry.cpp: ways in
void* interpreterEntry();                      // CodeCell::entry of code that is not compiled
bool prepareEntry();
void promote(PyFunctionObject* func, Cell* cell);   // calls go to compiled code from now on
void demote(PyFunctionObject* func);                // and back to the interpreter
void demoteAll();
void showCalls(bool on);                            // to tools that watch calls, functions look untouched
void functionChanged(PyFunctionObject* func);       // its version must not be restored any more
void functionDied(PyFunctionObject* func);
vectorcallfunc originalVectorcall();
vectorcallfunc thunkFor(Cell* cell);
// Below this address a thread's stack is too short to go on in compiled code; 0: not known yet.
extern constinit __attribute__((tls_model("initial-exec"))) thread_local uintptr_t odStackLimit;
void findStackLimit();
inline bool stackIsShort(PyThreadState* ts) {       // C stack or C recursion counter
  if (!odStackLimit) [[unlikely]] findStackLimit();
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < odStackLimit || !cStackCounted(ts);
}
int64_t stackLimitOffset();
extern "C" PyObject* odEntrySlow(PyThreadState* ts, Frame* f, PyObject* func);
bool isOurEntry(vectorcallfunc entry);              // a thunk, or the one that counts calls
void watchCalls(PyFunctionObject* func);            // warm:N and compile-all

// --- osr.cpp: into running loops
void prepareLoops();                           // while there is memory
void watchAllLoops();
void armLoops(Cell* cell);                     // a loop's unit is ready
void disarmLoops();

// --- generators.cpp: into suspended generators
void resumeGenerators();                       // through compiled code, where there is some
void leaveGenerators();
void setResumeUnit(PyCodeObject* code, uint32_t pc, Unit* u);   // it has come, or (null) gone

// --- heat.cpp: what is running
void look(uint32_t tick, PyThreadState* ts, bool* foundNew);

// --- worker.cpp: the thread that ticks and compiles
void startWorker();
void stopWorker();                             // joins it
void dropJobs();                               // without the worker, and while nothing is compiled
void resetWorkerInChild();
void submit(std::unique_ptr<Job> job);
bool workerRuns();

// --- watch.cpp: when the world changes
bool prepareWatchers(std::string* why);
void rememberFunction(Cell* cell, PyFunctionObject* func);   // as the last one with this code, until it dies
void removeHooks();

// --- fork.cpp
bool prepareFork();

// --- report.cpp
PyObject* explainList();
void forgetCounts();                            // all that these two count begins at 0 again
PyObject* statsDict();
void logLine(const std::string& text);
void dumpText(const std::string& text);
std::string unitName(const Unit* u);

}  // namespace od

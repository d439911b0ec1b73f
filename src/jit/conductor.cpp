// What is compiled, and when again.
//
// A wish (a hot function, a hot loop, a handler that is reached often) is granted once: it becomes a Job whose snapshot is
// taken at once, on this Python thread, while the types it will be specialised for are fresh. The job is compiled in the
// background (or at once, in the modes for testing) and installed by a Python thread.
//
// A guess that fails often is entered in the code's profile and the unit is compiled anew without it. After a few rounds
// the unit is compiled without guesses; if even that is left too often, the code stays interpreted.
#include "jit/conductor.h"
#include <sys/mman.h>
#include <chrono>
#include <unordered_map>
#include "cpython/v313/canonical.h"
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "support/helpers.h"
#include "support/reasons.h"

namespace od {

Totals totals;

namespace {

constexpr uint64_t kFailures = 30;        // of one guess, before it is given up
constexpr uint64_t kFailureShare = 50;    // and at least one in so many entries
constexpr uint64_t kRelearnt = 64;         // executions after which the interpreter renews an inline cache that fails
constexpr int kRenewals = 3;
constexpr uint32_t kLearntRounds = 3;       // recompilations because of what generic helpers have seen
constexpr uint32_t kRounds = 12;           // recompilations with guesses
constexpr uint64_t kRaises = 20;          // exceptions at a handler before it is compiled
constexpr int kLargestCode = 20000;       // code units

bool running = false;
uint32_t generation = 0;
int64_t unitsMade = 0;

const char* refusal(const Wish& w) {
  PyCodeObject* code = w.cell->codeObject();
  if (!code) return "switched_off";
  const std::string& only = options().only;
  if (!only.empty() && w.cell->qualname.find(only) == std::string::npos) return "switched_off";
  if (options().fuel >= 0 && unitsMade >= options().fuel) return "switched_off";
  if (w.cell->givenUp) return "failed_often";
  if (w.kind == UnitKind::Resume) {
    if ((code->co_flags & kGeneratorFlags) != CO_GENERATOR) return "generator";
  } else if (w.kind != UnitKind::Loop) {
    if (code->co_flags & kGeneratorFlags) return "generator";
    if (w.kind == UnitKind::Function && w.cell->elsewhere) return "called_elsewhere";
    if ((code->co_flags & (CO_OPTIMIZED | CO_NEWLOCALS)) != (CO_OPTIMIZED | CO_NEWLOCALS)) return "runs_once";
  }
  if (code->co_flags & CO_NO_MONITORING_EVENTS) return "instruction";
  if (code->co_stacksize < 1) return "no_stack";
  if (wordCount(code) > kLargestCode) return "too_large";
  if (code->co_framesize > 1500) return "layout";
  if (othersWatchCode(code) || othersWatchEverything(PyThreadState_GetUnchecked())) return "instrumented";
  return nullptr;
}

void decline(Cell* cell, UnitKind kind, uint32_t pc, const std::string& reason, double ms) {
  totals.declined++;
  totals.compileMs += ms;
  cell->declined.push_back({kind, pc, reason, ms, cell->code ? entryLine(cell->codeObject(), kind, pc) : 0});
  if (options().log) logLine("declined " + cell->qualname + (kind == UnitKind::Function ? "" : ":" + std::to_string(pc)) + ": " + reason);
}

bool wantsDump(const Cell* cell, const char* what) {
  const Options& o = options();
  return o.dump.find(what) != std::string::npos &&
         (o.dumpFilter.empty() || cell->qualname.find(o.dumpFilter) != std::string::npos);
}

// A function with the cell's code: the one at hand, which is remembered, or the one of last time if it lives. Not by a weak
// reference: programs can count those.
PyFunctionObject* functionOf(Cell* cell, PyFunctionObject* func) {
  if (!func) func = cell->lastFunction;
  else if (func->func_code == cell->code) rememberFunction(cell, func);
  if (!func || !func->func_globals) return nullptr;   // the collector has emptied it
  return reinterpret_cast<PyFunctionObject*>(Py_NewRef(func));
}

std::unique_ptr<Job> prepare(const Wish& w) {
  auto job = std::make_unique<Job>();
  Cell* cell = w.cell;
  cell->pinned = true;
  job->cell = cell;
  job->generation = generation;
  CompileRequest& r = job->request;
  r.code = cell->codeObject();
  r.kind = w.kind;
  r.pc = w.pc;
  r.depth = w.depth;
  r.func = functionOf(cell, w.func);   // a new reference
  r.liveSlots = w.liveSlots;
  r.profile = &cell->profile;
  r.generic = cell->profile.recompiled > kRounds;
  r.dumpBytecode = wantsDump(cell, "bytecode");
  r.dumpIr = wantsDump(cell, "ir");
  r.dumpAsm = wantsDump(cell, "asm");
  Unit* u = job->unit = new Unit();
  u->data = {kClosed, u, 0, r.code, firstInstr(r.code), uint32_t(kNativeStacktop)};
  u->kind = w.kind;
  u->entryPc = w.pc;
  u->entryDepth = w.depth;
  u->code = r.code;
  u->cell = cell;
  job->context = emitContext(u);
  job->snap = snapshot(r);
  r.liveSlots = nullptr;   // only valid now
  Py_CLEAR(r.func);        // compiling takes its time, and the program may look whether the function still lives
  Py_INCREF(r.code);
  return job;
}

void release(Job& job) {
  job.snap.reset();
  Py_CLEAR(job.request.code);
}

}  // namespace

bool compiling() { return running; }
void startCompiling() { running = true; }
void stopCompiling() { running = false; generation++; }

void request(const Wish& w, When when) {
  if (!running || !w.cell->code) return;
  if (!w.cell->asked.insert({w.kind, w.pc}).second) return;
  if (const char* why = refusal(w)) {
    bool passing = std::string_view(why) == "instrumented";   // may be asked again
    if (passing) w.cell->asked.erase({w.kind, w.pc});
    else decline(w.cell, w.kind, w.pc, why, 0);
    return;
  }
  unitsMade++;
  auto job = prepare(w);
  w.cell->underWay.insert({w.kind, w.pc});
  if (when == When::Soon && workerRuns()) {
    submit(std::move(job));
    return;
  }
  runJob(*job);
  finishJob(std::move(job));
}

std::atomic<uint32_t> busyMs{0};

bool isOften(uint32_t times, uint32_t& since) {
  constexpr uint32_t kEachMs = 50;
  const uint32_t now = busyMs + 1, before = std::exchange(since, now);
  return before && (now - before) * kEachMs <= times;
}

void callsManyTimes(PyFunctionObject* func, Cell* cell) {
  if (cell->codeObject()->co_flags & kGeneratorFlags || cell->function) return;
  request({cell, UnitKind::Function, 0, 0, func}, When::Soon);
}

namespace {

// For what the assembler takes from malloc, which it cannot be without half-way. Not asked of malloc itself: freeing so large a
// piece tells glibc to keep large pieces in the heap from then on, the program's as well.
bool memoryLeft() {
  constexpr size_t kEnough = 4 << 20;
  void* p = mmap(nullptr, kEnough, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p != MAP_FAILED && munmap(p, kEnough) == 0;
}

}  // namespace

void runJob(Job& job) {
  if (!memoryLeft()) {
    job.result.declined = kNoMemory;
    return;
  }
  auto start = std::chrono::steady_clock::now();
  {
    WorkMemory::Use use(job.memory);
    job.result = compile(*job.snap, job.context);
  }
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  job.result.ms = took.count();
}

void finishJob(std::unique_ptr<Job> job) {
  if (!job->result.dump.empty()) dumpText(job->result.dump);
  std::string why = job->result.declined;
  job->cell->underWay.erase({job->request.kind, job->request.pc});
  if (why.empty() && job->request.kind == UnitKind::Function && job->cell->elsewhere) why = "called_elsewhere";
  const bool stale = job->generation != generation || !running || !job->cell->code;
  if (!stale && why.empty()) why = install(*job);
  if (stale || !why.empty()) {
    // Without memory nothing was found out about the code, and asking again at every tick would leave the program no time.
    const bool noMemory = why == kNoMemory;
    if (stale && !noMemory) job->cell->asked.erase({job->request.kind, job->request.pc});
    if (!stale && !noMemory) decline(job->cell, job->request.kind, job->request.pc, why, job->result.ms);
    delete job->unit;
    release(*job);
    return;
  }
  totals.compiled++;
  totals.compileMs += job->result.ms;
  Unit* u = job->unit;
  if (PyFunctionObject* func = u->kind == UnitKind::Function ? functionOf(job->cell, nullptr) : nullptr) {
    promote(func, job->cell);
    Py_DECREF(func);
  }
  if (u->kind == UnitKind::Loop) armLoops(job->cell);
  release(*job);
}

std::string tryCompile(PyCodeObject* code) {
  Wish w{cellFor(code), UnitKind::Function};
  if (const char* why = refusal(w)) return why;
  auto job = prepare(w);
  runJob(*job);
  if (!job->result.dump.empty()) dumpText(job->result.dump);
  std::string why = job->result.declined;
  delete job->unit;
  release(*job);
  return why;
}

void giveUpLoop(Unit* u) {
  u->valid = false;
  decline(u->cell, u->kind, u->entryPc, "failed_often", 0);
  retire(u);
}

namespace {

When usually() { return options().how == Mode::Auto ? When::Soon : When::Now; }

// Once more without the guess; the old code goes on being entered until the new one is there.
void recompile(Unit* u) {
  Cell* cell = u->cell;
  if (!running || !cell || !cell->code) return;
  if (++cell->profile.recompiled > kRounds + 2) {
    cell->givenUp = true;
    decline(cell, u->kind, u->entryPc, "failed_often", 0);
    retire(u);
    return;
  }
  cell->asked.erase({u->kind, u->entryPc});
  request({cell, u->kind, u->entryPc, u->entryDepth}, usually());
}

// False: the unit has been replaced, or soon will be; what fails in it meanwhile is nothing to act on.
bool isEntered(const Unit* u) {
  return !u->cell->underWay.count({u->kind, u->entryPc}) && u->cell->unit(u->kind, u->entryPc) == u;
}

// Something has been learnt that all units of that code can use.
void compileAgain(Cell* cell) {
  if (++cell->learntRounds > kLearntRounds) return;
  std::vector<Unit*> units;
  if (cell->function) units.push_back(cell->function);
  for (auto* map : {&cell->loops, &cell->handlers, &cell->resumes})
    for (auto& [at, u] : *map) units.push_back(u);
  for (Unit* u : units) recompile(u);
}

// An instruction that had no feedback has run often enough through its generic helper, always on the same kinds: now it can be
// specialised.
void typesLearnt(TypeProfile* slot) {
  auto single = [](uint32_t kinds) { return Type(kinds).is(Kind::Int) || Type(kinds).is(Kind::Float) || Type(kinds).is(Kind::Str); };
  if (!running || !single(slot->lhs) || !single(slot->rhs)) return;
  for (Cell* cell : allCells())
    for (auto& [pc, types] : cell->profile.types) {
      if (&types != slot) continue;
      return compileAgain(cell);
    }
}

// Calls that turned out to be of bound methods, until the next look.
std::vector<PolySite*>& methodCalls() {
  static auto* sites = new std::vector<PolySite*>();
  return *sites;
}

void methodsLearnt(PolySite* site) { methodCalls().push_back(site); }

// Names of attributes, by how many guesses about their owner's class were given up. Interned strings; one that dies leaves a
// number that some other name may inherit, which costs nothing but speed.
std::unordered_map<PyObject*, int>& variedNames() {
  static auto* names = new std::unordered_map<PyObject*, int>();
  return *names;
}

void noteVaried(PyCodeObject* code, uint32_t at) {
  const _Py_CODEUNIT* unit = firstInstr(code) + at;
  int arg = unit->op.arg;
  if (at > 0 && unit[-1].op.code == EXTENDED_ARG) arg |= unit[-1].op.arg << 8;
  const int base = v313::baseOpcode(unit->op.code);
  if (base != LOAD_ATTR && base != STORE_ATTR) return;
  const Py_ssize_t index = base == LOAD_ATTR ? arg >> 1 : arg;
  if (index < PyTuple_GET_SIZE(code->co_names)) variedNames()[PyTuple_GET_ITEM(code->co_names, index)]++;
}

void guessFailed(Unit* u, uint32_t at, uint16_t reason) {
  totals.deopts++;
  if (!u->cell) return;
  Profile& p = u->cell->profile;
  const uint64_t entries = u->data.entries;
  Profile::Failures& mine = p.failures[{at, reason}];
  if (entries < mine.since) mine.lately = mine.since = 0;   // the unit is another one by now
  mine.times++;
  if (++mine.lately < kFailures || !u->valid || !isEntered(u)) return;
  // The share of late: a guess may hold for long, and then never again.
  if (const bool rare = entries > mine.since && mine.lately * kFailureShare < entries - mine.since; rare) {
    mine.lately = 0;
    mine.since = entries;
    return;
  }
  // A namespace that has got a new name: meanwhile the interpreter, where this ends up, has learnt its new layout.
  if (Reason(reason) == Reason::dict_keys && mine.renewed < kRenewals) {
    if (mine.lately < kRelearnt) return;
    mine.renewed++;
    mine.lately = 0;
    if (options().log) logLine("guess renewed " + unitName(u) + " line " + std::to_string(lineAt(u->code, at)));
    return recompile(u);
  }
  if (!p.failed.insert({at, reason}).second) {
    // Known to fail, and yet made again (or counted for another unit of this code): only worth a word if it goes on.
    if (u->guessFailures - u->failuresAtLastAsk < 20 * kFailures) return;
  }
  u->failuresAtLastAsk = u->guessFailures;
  if (Reason(reason) == Reason::not_version) noteVaried(u->code, at);
  // What has failed now and then fails more often when the way there is free: one compilation for all.
  for (const auto& [guess, f] : p.failures)
    if (f.times >= kFailures / 4 && f.times * kFailureShare >= entries) p.failed.insert(guess);
  if (options().log)
    logLine("guess failed " + unitName(u) + " line " + std::to_string(lineAt(u->code, at)) + "@" + std::to_string(at) + ": " +
            reasonRow(reason).name);
  recompile(u);
}

// A handler that is reached often gets a unit of its own: for frames of compiled functions, or for frames that the
// interpreter owns, where it goes on in the loop.
Unit* continuation(Unit* u, uint32_t handler, uint32_t depth) {
  Cell* cell = u->cell;
  if (!cell) return nullptr;
  const UnitKind kind = borrowsFrame(u->kind) ? u->kind : UnitKind::Continuation;
  auto ready = [&]() -> Unit* {
    Unit* next = cell->unit(kind, handler);
    return next && next->valid && next->entryDepth == depth ? next : nullptr;
  };
  if (Unit* next = ready()) return next;
  auto& raises = borrowsFrame(kind) ? cell->profile.loopRaises : cell->profile.handlerRaises;
  if (++raises[handler] != kRaises) return nullptr;
  request({cell, kind, handler, depth}, usually());
  return ready();
}

}  // namespace

bool isVaried(PyObject* attribute) {
  constexpr int kPlaces = 2;
  auto it = variedNames().find(attribute);
  return it != variedNames().end() && it->second >= kPlaces;
}

void actOnLearnt() {
  for (PolySite* learnt : methodCalls())
    for (Cell* cell : allCells())
      for (auto& [pc, site] : cell->profile.sites)
        if (site == learnt) compileAgain(cell);
  methodCalls().clear();
}

FrameHooks conductorHooks() {
  od_types_learnt = typesLearnt;
  od_methods_learnt = methodsLearnt;
  return {guessFailed, continuation};
}

}  // namespace od

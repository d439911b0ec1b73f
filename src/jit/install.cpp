// Units come to life and go.
//
// Code is immutable once installed. A retired unit is not entered any more, but activations may still be in it, and it
// keeps what it has folded until the last one has left. Return addresses cannot be counted (greenlets hide stacks), so
// memory is taken back only after every frame of every thread has been looked at: whenever unknown code runs, all native
// frames below it are published. Suspended greenlets cannot be seen; with greenlet loaded nothing is taken back.
#include <algorithm>
#include "frames/frames.h"
#include "jit/code_memory.h"
#include "jit/conductor.h"
#include "jit/publish.h"
#include "jit/runtime_table.h"
#include "cpython/v313/version.h"
#include "support/helpers.h"

namespace od {
namespace {

Layout theLayout;
std::vector<Unit*>& units() {
  static auto* all = new std::vector<Unit*>();
  return *all;
}
std::vector<Unit*>& ever() {   // for reports; units are never freed, only their code
  static auto* all = new std::vector<Unit*>();
  return *all;
}
std::vector<Unit*>& retired() {
  static auto* all = new std::vector<Unit*>();
  return *all;
}

bool greenletsLoaded() {
  PyObject* modules = PyImport_GetModuleDict();
  return PyDict_GetItemString(modules, "greenlet") != nullptr;
}

std::set<Unit*> executing() {
  std::set<Unit*> busy;
  for (PyThreadState* ts = PyInterpreterState_Get()->threads.head; ts; ts = ts->next)
    for (Frame* f = ts->current_frame; f; f = f->previous)
      if (isPythonFrame(f) && isNativeFrame(f)) busy.insert(recordOf(f)->unit->unit);
  return busy;
}

void freeText(Unit* u) {
  freeCode(u->text);
  u->text = {};
  u->entry = nullptr;
  for (PyObject* o : u->keep) Py_DECREF(o);
  u->keep.clear();
  u->pcs = {};
  u->stack = {};
}

// Room for a new unit: first what is retired anyway, then what was entered least since the last time.
CodePlace placeMakingRoom(const MachineCode& code) {
  if (CodePlace p = placeCode(code); p.hot) return p;
  reapRetired();
  if (CodePlace p = placeCode(code); p.hot) return p;
  std::vector<Unit*> candidates = units();
  auto used = [](Unit* u) { return u->data.entries - u->entriesSeen; };
  std::sort(candidates.begin(), candidates.end(), [&](Unit* a, Unit* b) { return used(a) < used(b); });
  candidates.resize(candidates.size() / 4);
  for (Unit* u : candidates) {
    u->cell->asked.erase({u->kind, u->entryPc});
    retire(u);
  }
  for (Unit* u : units()) u->entriesSeen = u->data.entries;
  reapRetired();
  return placeCode(code);
}

void enterInto(Cell* cell, Unit* u) {
  Unit* old = cell->unit(u->kind, u->entryPc);
  if (u->kind == UnitKind::Function) {
    cell->function = u;
    cell->entry = u->entry;
    if (!cell->vectorcall) cell->vectorcall = thunkFor(cell);
  } else {
    cell->units(u->kind)[u->entryPc] = u;
    if (u->kind == UnitKind::Resume) setResumeUnit(u->code, u->entryPc, u);
  }
  if (old) retire(old);
}

}  // namespace

const Layout& layout() { return theLayout; }
const std::vector<Unit*>& installedUnits() { return units(); }
const std::vector<Unit*>& everInstalled() { return ever(); }

void prepareInstall() {
  fillLayout(theLayout);
  theLayout.stackLimitTls = stackLimitOffset();
  if (options().deoptEvery) forcedExits = {options().deoptEvery, options().deoptEvery};
}

EmitContext emitContext(Unit* u) {
  EmitContext c;
  c.layout = &theLayout;
  c.reach = codeReach();
  c.helpers = helperTable();
  c.unitData = u ? &u->data : nullptr;
  c.exitStub = exitStubAddress();
  c.polyFind = polyFindAddress();
  c.polyLoad = polyLoadAddress(theLayout);
  c.freeLeaf = freeLeafAddress(theLayout);
  c.releaseShown = releaseShownAddress(theLayout);
  c.dealloc = deallocAddress();
  c.boxIntSlow = boxIntAddress();
  c.boxFloatSlow = boxFloatAddress();
  c.intFreeList = intFreeList();
  c.unboxIntSlow = unboxIntAddress();
  c.shownHelpers = shownHelpers(theLayout);
  c.publish = publishAddress(theLayout);
  c.leave = leaveAddress(theLayout);
  c.askWorld = askWorldAddress(theLayout);
  c.dropFrameObject = reinterpret_cast<const void*>(odDropFrameObject);
  c.entrySlow = reinterpret_cast<const void*>(odEntrySlow);
  c.countGuards = options().deoptEvery != 0;
  c.forcedCountdown = &forcedExits.countdown;
  return c;
}

std::string install(Job& job) {
  Unit* u = job.unit;
  CompileResult& r = job.result;
  if (!keepSpares()) return kNoMemory;
  u->text = placeMakingRoom(r.code.code);
  if (!u->text.hot) return "memory";
  u->entry = u->text.hot + r.code.entry;
  u->spillSlots = r.code.spillSlots;
  // Copies, which are no larger than they need be, and not in the worker's part of the heap: what it allocates is for a while.
  u->exits = r.code.exits;
  u->pcs = PcMap(r.code.pcs);
  u->stack = r.code.stack;
  u->compileMs = r.ms;
  u->line = entryLine(u->code, u->kind, u->entryPc);
  u->entryDepth = r.depth;
  u->keep = r.keep;
  u->callees = r.cells;
  for (PyObject* o : u->keep) Py_INCREF(o);
  u->data.expected = expectedWorld(PyThreadState_GetUnchecked(), *u);
  units().push_back(u);
  ever().push_back(u);
  enterInto(job.cell, u);
  announceUnit(u);
  if (options().log) logLine("compiled " + unitName(u) + " in " + std::to_string(r.ms) + " ms");
  return {};
}

void retire(Unit* u) {
  Cell* cell = u->cell;
  const bool replaced = cell->unit(u->kind, u->entryPc) != u;
  if (!replaced && u->kind == UnitKind::Function) {
    cell->function = nullptr;
    cell->entry = interpreterEntry();
  } else if (!replaced) {
    cell->units(u->kind).erase(u->entryPc);
    if (u->kind == UnitKind::Resume) setResumeUnit(u->code, u->entryPc, nullptr);
  }
  auto it = std::find(units().begin(), units().end(), u);
  if (it == units().end()) return;
  units().erase(it);
  retired().push_back(u);
  totals.retired++;
}

void retireAll(Cell* cell) {
  std::vector<Unit*> mine;
  for (Unit* u : units())
    if (u->cell == cell) mine.push_back(u);
  for (Unit* u : mine) {
    invalidate(u);
    u->code = nullptr;
  }
}

void invalidate(Unit* u) {
  if (u->valid) totals.invalidated++;
  u->valid = false;
  u->data.expected = kClosed;
  retire(u);
  // Compiled again when it is found hot again; code that is invalidated again and again is left alone.
  constexpr uint32_t kInvalidations = 25;
  if (!u->cell) return;
  if (++u->cell->invalidations < kInvalidations) u->cell->asked.erase({u->kind, u->entryPc});
  else u->cell->givenUp = true;
}

// Also units that are retired but still run.
void closeAll() {
  for (Unit* u : everInstalled()) u->data.expected = kClosed;   // recomputed at the next check
}

void reapRetired() {
  if (retired().empty() || greenletsLoaded()) return;
  std::set<Unit*> busy = executing();
  std::vector<Unit*> still, gone;
  for (Unit* u : retired())
    (busy.count(u) || u->localsOut ? still : gone).push_back(u);   // a frame whose locals are out looks interpreted
  withdrawUnits(gone);
  for (Unit* u : gone) freeText(u);   // the Unit itself stays for the report
  retired() = still;
}

}  // namespace od

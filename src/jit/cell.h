// One Cell for each code object that was ever compiled, called from compiled code or found hot: its current entry, its
// profile, its units, and what is known about how often it runs.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>
#include "frames/unit.h"
#include "support/profile.h"

namespace od {

struct Attempt {                 // a compilation that was declined
  UnitKind kind;
  uint32_t pc;
  std::string reason;
  double ms;
  int line;                      // where a loop or handler begins; 0: a function
};

// How often looks at what is running have found something of late (heat.cpp).
struct Heat {
  uint32_t found = 0;            // weighted
  uint32_t since = 0;            // the look before the first that counts
};

struct Cell : CodeCell {
  // Every call looks at these.
  Unit* function = nullptr;
  vectorcallfunc vectorcall = nullptr;             // thunk that enters this cell's code
  int arguments = 0;                               // slots that they take
  int exactly = -1;                                // positional arguments that are taken as they are (bind.h)

  Profile& profile = *new Profile();               // lives as long, too
  std::map<uint32_t, Unit*> loops, handlers, resumes;   // by entry pc
  std::vector<Attempt> declined;
  std::set<std::pair<UnitKind, uint32_t>> asked;   // queued, installed or declined: do not ask again
  std::set<std::pair<UnitKind, uint32_t>> underWay;   // being compiled now

  // Kept for reports after the code object is gone.
  std::string qualname, file;
  int firstLine = 0;

  // Heat.
  Heat heat;
  uint32_t everFound = 0;                          // looks
  uint32_t calls = 0, callsSince = 0;              // by compiled code while it is interpreted; see isOften
  uint32_t lastTick = 0, lastAt = 0;               // of the last look that found it on a stack: where
  const Frame* lastFrame = nullptr;
  uint32_t loopRuns = 0;                           // entries into its loops' units
  std::map<uint32_t, Heat> loopHeat;               // by loop head
  struct LoopSpan { uint32_t head, end; bool yields; };
  std::vector<LoopSpan> spans;                     // all loops, inner ones after outer ones
  bool spansKnown = false;
  bool armed = false;                              // JUMP events are on
  uint32_t invalidations = 0;
  PyFunctionObject* lastFunction = nullptr;        // has this code and lives (watch.cpp): its namespaces are learnt from
  uint32_t learntRounds = 0;
  bool givenUp = false;                            // left or invalidated too often
  uint32_t elsewhere = 0;                          // functions with this code whose calls another extension answers
  bool pinned = false;                             // some compilation was for it or has met it: its address may be in code

  std::map<uint32_t, Unit*>& units(UnitKind kind) {
    return kind == UnitKind::Loop ? loops : kind == UnitKind::Resume ? resumes : handlers;
  }
  // The unit that is entered there; null: none.
  Unit* unit(UnitKind kind, uint32_t pc) {
    if (kind == UnitKind::Function) return function;
    auto it = units(kind).find(pc);
    return it == units(kind).end() ? nullptr : it->second;
  }

  PyCodeObject* codeObject() const { return static_cast<PyCodeObject*>(const_cast<void*>(code)); }
};

Cell* cellFor(PyCodeObject* code);                 // created on demand
Cell* findCell(PyCodeObject* code);
const std::vector<Cell*>& allCells();
void forgetCode(PyCodeObject* code);               // the code object is being destroyed
int lineAt(PyCodeObject* code, uint32_t offset);
int entryLine(PyCodeObject* code, UnitKind kind, uint32_t pc);   // for reports; 0: a function

// The decoded loop structure of a code object (offsets in code units).
const std::vector<Cell::LoopSpan>& loopSpans(Cell* cell);

}  // namespace od

#include "jit/cell.h"
#include <algorithm>
#include <iterator>
#include <unordered_map>
#include "base/slab.h"
#include "cpython/v313/opcodes.h"
#include "jit/bind.h"
#include "jit/conductor.h"
#include "jit/publish.h"

namespace od {
namespace {

std::unordered_map<PyCodeObject*, Cell*>& byCode() {
  static auto* map = new std::unordered_map<PyCodeObject*, Cell*>();
  return *map;
}
std::vector<Cell*>& cells() {
  static auto* all = new std::vector<Cell*>();
  return *all;
}

std::string text(PyObject* s) {
  const char* t = s ? PyUnicode_AsUTF8(s) : nullptr;
  if (!t) PyErr_Clear();
  return t ? t : "?";
}

// The cells asked for of late, by address: calls look theirs up each time. Null: the code has none.
struct Recent {
  PyCodeObject* code;
  Cell* cell;
};
Recent recent[2048];
Recent& recentAt(PyCodeObject* code) {
  const uintptr_t bits = reinterpret_cast<uintptr_t>(code) >> 4;
  return recent[(bits ^ bits >> 8) % std::size(recent)];
}

// Cells of dead code that nothing refers to: programs may make code objects for ever.
std::vector<Cell*>& spareCells() {
  static auto* spare = new std::vector<Cell*>();
  return *spare;
}

// Memories of call sites are no obstacle: whoever finds a cell there compares its code.
bool isUnused(const Cell* c) { return !c->pinned && c->declined.empty() && !c->elsewhere && !c->armed; }

Cell* newCell() {
  static auto* slab = new Slab<Cell>();
  if (spareCells().empty()) {
    cells().push_back(slab->make());
    return cells().back();
  }
  Cell* c = spareCells().back();
  spareCells().pop_back();
  Profile* profile = &c->profile;
  c->~Cell();
  delete profile;
  return new (c) Cell();
}

// Nothing executes the units any more, but reports still count them.
void closeUnits(Cell* c, PyCodeObject* code) {
  retireAll(c);
  std::vector<Unit*> mine;
  for (Unit* u : everInstalled())
    if (u->cell == c) mine.push_back(u);
  withdrawUnits(mine);
  for (Unit* u : mine) {
    for (uint32_t id = 0; id < u->exitCounts.size(); id++)
      if (const StateId state(id); u->exitCounts[id] && u->exits.has(state)) {
        const uint32_t at = u->exits.at(state);
        u->exitLines[at] = lineAt(code, at);
      }
    u->code = nullptr;
  }
}

}  // namespace

Cell* findCell(PyCodeObject* code) {
  Recent& r = recentAt(code);
  if (r.code == code) [[likely]] return r.cell;
  auto it = byCode().find(code);
  r = {code, it == byCode().end() ? nullptr : it->second};
  return r.cell;
}

Cell* cellFor(PyCodeObject* code) {
  if (Cell* known = findCell(code)) return known;
  Cell*& slot = byCode()[code];
  if (slot) return slot;
  Cell* c = newCell();
  c->code = code;
  c->entry = interpreterEntry();
  c->qualname = text(code->co_qualname);
  c->file = text(code->co_filename);
  c->firstLine = code->co_firstlineno;
  c->arguments = argumentSlots(code);
  c->exactly = exactArguments(code);
  recentAt(code) = {code, c};
  return slot = c;
}

const std::vector<Cell*>& allCells() { return cells(); }

// The cell of compiled code stays: callers have its address in their code, reports its counts.
void forgetCode(PyCodeObject* code) {
  auto it = byCode().find(code);
  if (it == byCode().end()) return;
  if (Recent& r = recentAt(code); r.code == code) r = {};
  Cell* c = it->second;
  byCode().erase(it);
  if (isUnused(c)) spareCells().push_back(c);
  else closeUnits(c, code);
  c->code = nullptr;
  c->entry = interpreterEntry();
}

int lineAt(PyCodeObject* code, uint32_t offset) {
  return PyCode_Addr2Line(code, int(offset * sizeof(_Py_CODEUNIT)));
}

int entryLine(PyCodeObject* code, UnitKind kind, uint32_t pc) {
  if (kind == UnitKind::Function) return 0;
  int line = lineAt(code, pc);   // handlers begin with instructions that belong to no line
  for (uint32_t at = pc + 1; line <= 0 && at < uint32_t(wordCount(code)); at++) line = lineAt(code, at);
  return std::max(line, 0);
}

const std::vector<Cell::LoopSpan>& loopSpans(Cell* c) {
  if (c->spansKnown || !c->code) return c->spans;
  c->spansKnown = true;
  std::map<uint32_t, uint32_t> ends;   // several jumps may lead to one head
  std::vector<uint32_t> yields;
  bool ok = forEachInstruction(c->codeObject(), [&](const PlainInstruction& i) {
    if (i.op == YIELD_VALUE) yields.push_back(i.at);
    if (i.op != JUMP_BACKWARD) return;
    uint32_t next = i.at + 1 + uint32_t(inlineCaches(i.op));
    uint32_t& end = ends[next - i.arg];
    end = std::max(end, next);
  });
  if (!ok) PyErr_Clear();
  for (auto [head, end] : ends) {
    auto inside = std::lower_bound(yields.begin(), yields.end(), head);
    c->spans.push_back({head, end, inside != yields.end() && *inside < end});
  }
  std::sort(c->spans.begin(), c->spans.end(), [](const Cell::LoopSpan& a, const Cell::LoopSpan& b) {
    return a.end - a.head > b.end - b.head;
  });
  return c->spans;
}

}  // namespace od

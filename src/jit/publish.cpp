// The table of compiled code that our own profiler's handlers read, as src/profile/compiled.h says. It exists only
// while a recorder does: otherwise it takes a look at one pointer whenever a unit comes or goes.
#include "jit/publish.h"
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include "emit/disassemble.h"
#include "frames/frames.h"
#include "jit/conductor.h"
#include "profile/compiled.h"

namespace od {
namespace {

static_assert(OD_COMPILED_STACKTOP == kNativeStacktop);

// Of one unit, shared by all tables that have it: the unit's own may be gone before the last table.
struct Rows {
  struct Part {
    std::vector<od_compiled_row> rows;
    std::vector<od_compiled_stack> stack;
  };
  Part hot, cold;
  std::vector<od_compiled_frame> frames;
  mutable uint32_t samples = 0;           // by the profiler's handlers
};
struct Table {
  od_compiled_table table{};
  std::vector<od_compiled_region> regions;
  std::vector<std::shared_ptr<const Rows>> held;
};

std::vector<CodePiece>& routines() {
  static auto* all = new std::vector<CodePiece>();
  return *all;
}
// Units that are installed or still run.
std::set<const Unit*>& present() {
  static auto* all = new std::set<const Unit*>();
  return *all;
}
std::map<const Unit*, std::shared_ptr<const Rows>>& known() {
  static auto* map = new std::map<const Unit*, std::shared_ptr<const Rows>>();
  return *map;
}
std::unique_ptr<Table> current;
std::vector<std::unique_ptr<Table>>& old() {   // a handler may still look at them
  static auto* all = new std::vector<std::unique_ptr<Table>>();
  return *all;
}

void refresh();
od_compiled_channel channel{OD_COMPILED_VERSION, 0, nullptr, nullptr, refresh};

// Rows hold from their offset to the next row's: those of a stretch of the code, from its beginning.
template <class Row> std::vector<Row> within(const std::vector<Row>& rows, uint32_t Row::*offset, uint32_t origin, size_t bytes) {
  std::vector<Row> out;
  for (Row r : rows) {
    if (r.*offset >= origin + bytes) break;
    r.*offset = std::max(r.*offset, origin) - origin;
    if (!out.empty() && out.back().*offset == r.*offset) out.back() = r;
    else out.push_back(r);
  }
  return out;
}

std::vector<od_compiled_stack> stackOf(const std::vector<StackRow>& rows) {
  std::vector<od_compiled_stack> out;
  for (const StackRow& r : rows) out.push_back({r.offset, r.depth});
  return out;
}

// Nothing is inlined into units yet, so each instruction is the unit's own function's.
std::shared_ptr<const Rows> rowsOf(const Unit* u) {
  auto out = std::make_shared<Rows>();
  std::vector<od_compiled_row> all;
  std::map<uint32_t, uint32_t> frameOf;   // by instruction
  auto add = [&](uint32_t offset, uint32_t pc) {
    auto [it, fresh] = frameOf.try_emplace(pc, uint32_t(out->frames.size()));
    if (fresh) out->frames.push_back({u->code, pc, 0});
    if (!all.empty() && all.back().first_frame == it->second) return;
    all.push_back({offset, it->second, 1});
  };
  add(0, u->entryPc);
  for (const PcRange& r : u->pcs.ranges()) add(r.codeOffset, r.pc);
  const uint32_t hot = u->text.hotBytes, cold = u->text.coldBytes;
  out->hot = {within(all, &od_compiled_row::offset, 0, hot), stackOf(within(u->stack, &StackRow::offset, 0, hot))};
  out->cold = {within(all, &od_compiled_row::offset, hot, cold), stackOf(within(u->stack, &StackRow::offset, hot, cold))};
  return out;
}

std::shared_ptr<const Rows> knownRows(const Unit* u) {
  auto& rows = known()[u];
  if (!rows) rows = rowsOf(u);
  return rows;
}

od_compiled_region regionOf(const uint8_t* text, size_t bytes, const Rows& r, const Rows::Part& part) {
  const uintptr_t low = reinterpret_cast<uintptr_t>(text);
  return {low, low + bytes, part.rows.data(), r.frames.data(), part.stack.data(), uint32_t(part.rows.size()),
          uint32_t(part.stack.size()), &r.samples};
}

std::unique_ptr<Table> makeTable() {
  auto t = std::make_unique<Table>();
  for (const Unit* u : present()) {
    t->held.push_back(knownRows(u));
    const Rows& rows = *t->held.back();
    t->regions.push_back(regionOf(u->text.hot, u->text.hotBytes, rows, rows.hot));
    if (u->text.cold) t->regions.push_back(regionOf(u->text.cold, u->text.coldBytes, rows, rows.cold));
  }
  for (const CodePiece& p : routines()) {
    t->held.push_back(std::make_shared<Rows>(Rows{{{}, stackOf(p.stack)}, {}, {}, 0}));
    t->regions.push_back(regionOf(p.text, p.bytes, *t->held.back(), t->held.back()->hot));
  }
  std::sort(t->regions.begin(), t->regions.end(), [](auto& a, auto& b) { return a.low < b.low; });
  t->table.region_count = uint32_t(t->regions.size());
  t->table.regions = t->regions.data();
  return t;
}

void refresh() {
  const int* readers = channel.readers;
  if (!readers && !current) return;
  if (!readers) known().clear();
  if (current) old().push_back(std::move(current));
  if (readers) current = makeTable();
  // A handler that counts itself in after this store finds the new table; the count and the store are seen in one
  // order.
  __atomic_store_n(&channel.table, current ? &current->table : nullptr, __ATOMIC_SEQ_CST);
  if (!readers || __atomic_load_n(readers, __ATOMIC_SEQ_CST) == 0) old().clear();
}

std::vector<CodePiece> piecesOf(const Unit* u) {
  const CodePlace& t = u->text;
  const std::string name = "py_od:" + unitName(u), where = ":" + u->cell->file;
  std::vector<CodePiece> all{{name + where, u->cell->file, t.hot, t.hotBytes, within(u->stack, &StackRow::offset, 0, t.hotBytes), u}};
  if (t.cold)
    all.push_back({name + ".cold" + where, u->cell->file, t.cold, t.coldBytes, within(u->stack, &StackRow::offset, t.hotBytes, t.coldBytes), u, t.hotBytes});
  return all;
}

bool toolsListen() { return options().perf || options().jitdump || options().gdb; }
void tellTools(const CodePiece& p) {
  notePerf(p);
  noteGdb(p);
}

}  // namespace

void* profilerChannel() { return &channel; }

PyObject* sampledCode() {
  constexpr size_t kUnits = 100, kInstructions = 4000;   // a record is for people to look at
  std::vector<std::pair<uint32_t, const Unit*>> sampled;
  for (const auto& [u, rows] : known())
    if (const uint32_t n = __atomic_load_n(&rows->samples, __ATOMIC_RELAXED)) sampled.push_back({n, u});
  std::sort(sampled.begin(), sampled.end(), [](auto& a, auto& b) { return a.first > b.first; });
  if (sampled.size() > kUnits) sampled.resize(kUnits);
  PyObject* list = PyList_New(0);
  for (const auto& [n, u] : sampled) {
    PyObject* rows = PyList_New(0);
    size_t range = 0, count = 0;
    uint32_t pc = u->entryPc;
    const std::vector<PcRange> pcs = u->pcs.ranges();
    for (const auto& in : disassemble(u->text)) {
      for (; range < pcs.size() && pcs[range].codeOffset <= in.offset; range++) pc = pcs[range].pc;
      if (!rows || count++ == kInstructions) break;
      PyObject* row = Py_BuildValue("(Ins)", pc, Py_ssize_t(in.offset), in.text.c_str());
      if (!row) break;
      PyList_Append(rows, row);
      Py_DECREF(row);
    }
    const Cell* c = u->cell;
    PyObject* d = Py_BuildValue("{s:s,s:s,s:i,s:s,s:N}", "qualname", c->qualname.c_str(), "file", c->file.c_str(),
                                "first_line", c->firstLine, "unit", unitName(u).c_str(), "rows", rows);
    if (!list || !d || PyList_Append(list, d) != 0) Py_CLEAR(list);
    Py_XDECREF(d);
    if (!list) break;
  }
  if (PyErr_Occurred()) Py_CLEAR(list);
  return list;
}

std::vector<CodePiece> announced() {
  std::vector<CodePiece> all = routines();
  for (const Unit* u : present())
    for (CodePiece& p : piecesOf(u)) all.push_back(std::move(p));
  return all;
}

std::vector<LineRow> linesOf(const CodePiece& p) {
  std::vector<LineRow> out;
  if (!p.unit || !p.unit->code) return out;
  std::map<uint32_t, int> lineOf;   // by instruction: asking for one is a search
  auto add = [&](uint32_t offset, uint32_t pc) {
    auto [it, fresh] = lineOf.try_emplace(pc, 0);
    if (fresh) it->second = lineAt(p.unit->code, pc);
    if (it->second > 0 && (out.empty() || out.back().line != it->second)) out.push_back({offset, it->second});
  };
  add(0, p.unit->entryPc);
  for (const PcRange& r : p.unit->pcs.ranges()) add(r.codeOffset, r.pc);
  return within(out, &LineRow::offset, p.origin, p.bytes);
}

void announceUnit(const Unit* u) {
  present().insert(u);
  if (toolsListen())
    for (const CodePiece& p : piecesOf(u)) tellTools(p);
  refresh();
}

void announceRoutine(const char* name, const CodePlace& text, const std::vector<StackRow>& stack) {
  routines().push_back({std::string("py_od:") + name, "", text.hot, text.hotBytes, stack, nullptr});
  tellTools(routines().back());
  refresh();
}

void withdrawUnits(const std::vector<Unit*>& gone) {
  bool any = false;
  for (const Unit* u : gone) {
    if (!present().erase(u)) continue;
    known().erase(u);
    forgetGdb(u);
    any = true;
  }
  if (any) refresh();
}

}  // namespace od

// What the compiler did, for `explain`, `stats`, logs and dumps. docs/explain.md is the contract.
#include <algorithm>
#include <cstdio>
#include "frames/frames.h"
#include "support/reasons.h"
#include "jit/code_memory.h"
#include "jit/conductor.h"

namespace od {
namespace {

// What a unit is for people. A handler in a frame that the interpreter owns is compiled as a loop or resumption is.
const char* kindName(const Cell* cell, UnitKind k, uint32_t pc) {
  if (borrowsFrame(k) && cell->profile.loopRaises.count(pc)) return "handler";
  switch (k) {
    case UnitKind::Function: return "function";
    case UnitKind::Loop: return "loop";
    case UnitKind::Continuation: return "handler";
    case UnitKind::Resume: return "generator";
  }
  return "?";
}

// Counts of one unit of code, all its compilations together: they outlive units and code objects.
struct Row {
  uint64_t entries = 0, codeBytes = 0;
  double ms = 0;
  std::map<std::pair<int, uint16_t>, uint64_t> left;   // (line, reason)
  int line = 0;
};

bool set(PyObject* dict, const char* key, PyObject* value) {
  bool ok = value && PyDict_SetItemString(dict, key, value) == 0;
  Py_XDECREF(value);
  return ok;
}
PyObject* text(const std::string& s) { return PyUnicode_DecodeUTF8(s.data(), Py_ssize_t(s.size()), "replace"); }
PyObject* textOrNone(const char* s) { return *s ? PyUnicode_FromString(s) : Py_NewRef(Py_None); }

void addDeopts(const Unit* u, Row& row) {
  for (uint32_t id = 0; id < u->exitCounts.size(); id++) {
    if (!u->exitCounts[id] || !u->exits.has(StateId(id))) continue;
    DecodedState s = u->exits.decode(StateId(id));
    if (s.kind != ExitKind::Resume || !isGuess(s.reason)) continue;
    auto known = u->exitLines.find(s.at);
    int line = u->code ? lineAt(u->code, s.at) : known != u->exitLines.end() ? known->second : 0;
    row.left[{line, s.reason}] += u->exitCounts[id];
  }
}

PyObject* deoptList(const Cell* cell, const Row& row) {
  PyObject* list = PyList_New(0);
  for (const auto& [where, count] : row.left) {
    const ReasonRow& r = reasonRow(where.second);
    PyObject* d = Py_BuildValue("{s:s,s:s,s:N,s:i,s:K}", "reason", r.name, "sentence", r.sentence, "file", text(cell->file), "line",
                                where.first, "count", (unsigned long long)count);
    if (d && *r.advice && !set(d, "advice", PyUnicode_FromString(r.advice))) Py_CLEAR(d);
    if (d) PyList_Append(list, d);
    Py_XDECREF(d);
  }
  return list;
}

PyObject* unitDict(const Cell* cell, const char* kind, const Row& row, const std::string& reason) {
  PyObject* d = PyDict_New();
  if (!d) return nullptr;
  const ReasonRow& why = reasonRow(reason);
  bool ok = set(d, "kind", PyUnicode_FromString(kind)) && set(d, "qualname", text(cell->qualname)) &&
            set(d, "file", text(cell->file)) && set(d, "line", PyLong_FromLong(row.line ? row.line : cell->firstLine)) &&
            set(d, "state", PyUnicode_FromString(reason.empty() ? "compiled" : "declined")) &&
            set(d, "reason", reason.empty() ? Py_NewRef(Py_None) : text(reason)) &&
            set(d, "sentence", reason.empty() ? Py_NewRef(Py_None) : PyUnicode_FromString(why.sentence)) &&
            set(d, "advice", reason.empty() ? Py_NewRef(Py_None) : textOrNone(why.advice)) &&
            set(d, "compile_ms", PyFloat_FromDouble(row.ms)) &&
            set(d, "code_bytes", PyLong_FromUnsignedLongLong(row.codeBytes)) &&
            set(d, "entries", PyLong_FromUnsignedLongLong(row.entries)) && set(d, "heat", PyLong_FromLong(long(cell->everFound))) &&
            set(d, "deopts", deoptList(cell, row));
  if (!ok) Py_CLEAR(d);
  return d;
}

}  // namespace

PyObject* explainList() {
  PyObject* list = PyList_New(0);
  std::map<const Cell*, std::map<std::pair<UnitKind, uint32_t>, Row>> rows;
  for (const Unit* u : everInstalled()) {
    Row& row = rows[u->cell][{u->kind, u->entryPc}];
    row.entries += u->data.entries;
    row.ms += u->compileMs;
    row.codeBytes += u->text.size();
    row.line = u->line;
    addDeopts(u, row);
  }
  auto append = [list](PyObject* d) {
    if (d) PyList_Append(list, d);
    Py_XDECREF(d);
  };
  for (Cell* cell : allCells()) {
    if (auto it = rows.find(cell); it != rows.end())
      for (const auto& [what, row] : it->second) append(unitDict(cell, kindName(cell, what.first, what.second), row, ""));
    for (const Attempt& a : cell->declined) {
      Row row;
      row.ms = a.ms;
      row.line = a.line;
      append(unitDict(cell, kindName(cell, a.kind, a.pc), row, a.reason));
    }
  }
  if (PyErr_Occurred()) Py_CLEAR(list);
  return list;
}

PyObject* statsDict() {
  unsigned long long entries = 0, bytes = 0;
  for (const Unit* u : everInstalled()) {
    entries += u->data.entries;
    bytes += u->text.size();
  }
  return Py_BuildValue("{s:O,s:K,s:K,s:K,s:K,s:d,s:K,s:K,s:K,s:K}", "enabled", compiling() ? Py_True : Py_False, "compiled",
                       (unsigned long long)totals.compiled, "declined", (unsigned long long)totals.declined, "deopts",
                       (unsigned long long)totals.deopts, "entries", entries, "compile_ms", totals.compileMs, "code_bytes", bytes,
                       "code_memory", (unsigned long long)codeMemoryUsed(), "retired", (unsigned long long)totals.retired,
                       "invalidated", (unsigned long long)totals.invalidated);
}

void forgetCounts() {
  totals = {};
  for (Unit* u : everInstalled()) {
    u->data.entries = 0;
    u->compileMs = 0;
    std::fill(u->exitCounts.begin(), u->exitCounts.end(), 0);
  }
  for (Cell* cell : allCells())
    for (Attempt& a : cell->declined) a.ms = 0;
}

std::string unitName(const Unit* u) {
  std::string name = u->cell->qualname;
  if (u->kind != UnitKind::Function) name += std::string(":") + kindName(u->cell, u->kind, u->entryPc) + "@" + std::to_string(u->entryPc);
  return name;
}

void logLine(const std::string& line) { std::fprintf(stderr, "overdrive: %s\n", line.c_str()); }

void dumpText(const std::string& dump) {
  const std::string& to = options().dumpTo;
  std::FILE* f = to.empty() ? stderr : std::fopen(to.c_str(), "a");
  if (!f) return;
  std::fwrite(dump.data(), 1, dump.size(), f);
  if (f != stderr) std::fclose(f);
  else std::fflush(f);
}

}  // namespace od

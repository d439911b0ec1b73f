// Compiled code as tools see it: what is announced here appears in profilers and debuggers. With the GIL.
#pragma once
#include <string>
#include <vector>
#include "cpython/v313/python.h"
#include "emit/machine_code.h"
#include "support/unit.h"

namespace od {

// A stretch of machine code: the hot or the cold part of a unit, or a routine that units share.
struct CodePiece {
  std::string name, file;               // as symbols show it; where its source lies, or empty
  const uint8_t* text;
  size_t bytes;
  std::vector<StackRow> stack;
  const Unit* unit;                     // null: a routine
  uint32_t origin = 0;                  // in the unit's code as a whole
};

void announceUnit(const Unit* u);                      // it has been installed
void announceRoutine(const char* name, const CodePlace& text, const std::vector<StackRow>& stack);
// Before code is freed, or when the code objects that it runs die: nobody is told of these units any more.
void withdrawUnits(const std::vector<Unit*>& gone);

// Everything that has been announced and not withdrawn, routines first.
std::vector<CodePiece> announced();
// The lines that a unit's code runs: from an offset to the next row's. Empty for routines.
struct LineRow {
  uint32_t offset;
  int line;
};
std::vector<LineRow> linesOf(const CodePiece& p);

// --- perf.cpp: perf's map of symbols, and the file for perf inject --jit
void notePerf(const CodePiece& p);

// --- gdb.cpp: the interface of gdb
void noteGdb(const CodePiece& p);
void forgetGdb(const Unit* u);

// --- publish.cpp: our own profiler (src/profile/compiled.h)
void* profilerChannel();                               // what the capsule points at
// The machine code of the units that a recording has met most: for each its function, and (instruction, offset, text) a
// row.
PyObject* sampledCode();

}  // namespace od

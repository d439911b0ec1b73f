// The Python stack of a thread, innermost frame first, as a version folder reads it. Only the folder of the version that this
// module is built for is compiled; outside of it nobody includes CPython's private headers.
#pragma once
#include <Python.h>

#include <cstdint>

namespace od::profile {

constexpr int kMaxPython = 1024, kMaxEntries = 512;

struct PythonFrame {
    PyCodeObject* code;
    uint32_t instruction;  // index of the code unit
    uintptr_t coroutine;   // address of the frame when a coroutine owns it, else 0
    bool compiled;         // code of Overdrive's compiler runs it
};

/// An evaluation: the interpreter's C frame that contains `address` runs the Python frames before `end` (and after the
/// evaluation before it).
struct Entry {
    uintptr_t address;
    int end;
};

struct PythonStack {
    PythonFrame frames[kMaxPython];
    Entry entries[kMaxEntries];
    int count, entry_count;
    bool truncated;
};

struct CodeText {
    const void* data;
    uint32_t bytes;
    uint8_t kind;  // bytes a character
};

struct CodeParts {
    CodeText name, qualname, file;
    const void *line_table, *code;
    uint32_t line_table_bytes, code_bytes;
    int32_t first_line;
    uint64_t fingerprint;
};

namespace python {

/// True when the recorder can read this interpreter's frames; otherwise `why` says in a sentence what is missing.
bool supported(const char** why);
/// Called once with the GIL held, before the first walk.
void prepare();
void walk(PyThreadState* thread, PythonStack& out);
uint64_t fingerprint(PyCodeObject* code);
void describe(PyCodeObject* code, CodeParts& out);
/// Where the interpreter's lock is: a thread that returns from a futex call inside of it waited for the GIL.
void gil_range(uintptr_t* low, uintptr_t* high);
bool collecting(PyThreadState* thread);

}  // namespace python
}  // namespace od::profile

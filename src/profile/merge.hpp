// One stack out of two: each evaluation's C frame is replaced by the Python frames that it runs.
//
// They are matched by address. An evaluation keeps an entry frame on its own C stack, so the entry lies in [sp, CFA) of exactly
// one native frame; no symbol is needed, and inlined or cloned interpreters match as well.
#pragma once
#include "python/frames.hpp"
#include "walk.hpp"

namespace od::profile {

constexpr int kMaxMerged = kMaxNative + kMaxPython + 1024;  // inlined functions may outnumber C frames

struct MergedFrame {
    enum Kind : uint8_t { Python, Native, Truncated, Unmerged, Compiled } kind;
    bool caller;            // Native: pc is a return address
    uint32_t instruction;   // Python, Compiled
    const void* object;     // Python, Compiled: the code object; Native: the module or null
    uintptr_t pc;           // Native
};

struct MergedStack {
    MergedFrame frames[kMaxMerged];  // innermost first
    int count;
    bool merged;            // every evaluation found its C frame
    bool native_complete;
    bool truncated;
    uintptr_t task;         // the outermost coroutine's frame, 0 if none
};

/// `python` may be null: a thread without a Python thread state.
void merge(const NativeStack& native, const PythonStack* python, MergedStack& out);

}  // namespace od::profile

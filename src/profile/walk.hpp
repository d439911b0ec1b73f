// The native stack of the interrupted thread, from its registers to its root, inside the handler.
#pragma once
#include "compiled.h"
#include "modules.hpp"

#include <cstdint>
#include <ucontext.h>

namespace od::profile {

constexpr int kMaxNative = 1024;

struct NativeFrame {
    uintptr_t pc;        // of a caller: the return address
    uintptr_t sp, cfa;   // the frame lies in [sp, cfa)
    const Module* module;
    const od_compiled_region* compiled;  // code of Overdrive's compiler; it lies in no module
};

/// Where the compiler says what it has compiled; null: nobody compiles.
void set_compiled_channel(const od_compiled_channel* channel);
/// The row for an address of a region; null where it has none.
const od_compiled_row* compiled_row(const od_compiled_region& region, uintptr_t pc);

/// The part of the stack that may be read without asking the kernel.
struct StackBounds {
    uintptr_t low, high;
};

/// Rules of the addresses met so far; one per thread, since handlers share nothing they write.
class RowCache {
public:
    struct Entry {
        uintptr_t pc;
        const Module* module;
        uint32_t rule, generation;
    };
    const Entry& look(const Snapshot& snapshot, uintptr_t pc) {
        Entry& e = entries[(pc ^ pc >> 11) % kEntries];
        if (e.pc != pc || e.generation != snapshot.generation) fill(e, snapshot, pc);
        return e;
    }
    uint32_t misses = 0;

private:
    static constexpr size_t kEntries = 2048;
    void fill(Entry& e, const Snapshot& snapshot, uintptr_t pc);
    Entry entries[kEntries];
};

struct NativeStack {
    NativeFrame frames[kMaxNative];
    int count;
    bool complete;   // reached the root, or the start of a greenlet
    bool truncated;  // deeper than kMaxNative
    bool unknown_module;  // met an address in no known module
};

/// Reads memory that may not be there: through the kernel, which answers instead of raising SIGSEGV.
bool read_memory(uintptr_t from, void* to, size_t bytes);

void walk_native(const ucontext_t& context, const Snapshot& snapshot, const StackBounds& known, RowCache& cache, NativeStack& out);

}  // namespace od::profile

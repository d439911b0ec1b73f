// What the handler needs for one thread: scratch space off the stack (threads may have very little), caches, its chunk of the
// record. Blocks are mapped at a thread's first sample and used again after the thread has ended; they are never unmapped.
#pragma once
#include "log.hpp"
#include "merge.hpp"

#include <atomic>
#include <pthread.h>
#include <sys/types.h>

namespace od::profile {

struct Thread {
    Thread* next = nullptr;            // in the registry, fixed once set
    std::atomic<pid_t> tid{0};         // 0: free
    std::atomic<uintptr_t> stack_low{0}, stack_high{0};  // 0: not known yet
    uintptr_t stack_hint = 0;          // an address inside the thread's own stack
    Writer writer;
    uint64_t last_ns = 0, last_cpu_ns = 0;  // of the sample before
    RowCache rows;
    NativeStack native;
    PythonStack python;
    MergedStack merged;
    struct KnownCode {
        const void* code;
        uint64_t generation;
        uint32_t id;
    } codes[256];
    // The stack of the sample before, outermost first: most of it is still there, with its nodes.
    uint64_t code_generation = 0;
    int previous_count = 0;
    struct Previous {
        const void* object;
        uint64_t place;
        uint32_t node;
    } previous[kMaxMerged];
};

class Threads {
public:
    /// The calling thread's block; null when memory for it is refused. Safe in a handler.
    Thread* mine(Log* log);
    /// Runs `visit` on every block in use.
    template <class F> void each(F visit) {
        for (Thread* t = first.load(std::memory_order_acquire); t; t = t->next)
            if (t->tid.load(std::memory_order_relaxed)) visit(*t);
    }
    /// Forgets all blocks: a new recording, or a forked child where only the calling thread lives on.
    void reset();

private:
    std::atomic<Thread*> first{nullptr};
    std::atomic<uint32_t> epoch{1};
};

}  // namespace od::profile

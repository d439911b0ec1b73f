#include "thread.hpp"

#include "base.hpp"

#include <new>
#include <sys/mman.h>
#include <sys/resource.h>

extern "C" void* __libc_stack_end;

namespace od::profile {
namespace {

OD_SIGNAL_TLS Thread* self;
OD_SIGNAL_TLS uint32_t self_epoch;

}  // namespace

Thread* Threads::mine(Log* log) {
    uint32_t now = epoch.load(std::memory_order_relaxed);
    if (self && self_epoch == now) return self;
    pid_t tid = thread_id();
    Thread* t = first.load(std::memory_order_acquire);
    for (pid_t nobody = 0; t && !t->tid.compare_exchange_strong(nobody, tid); nobody = 0) t = t->next;
    if (!t) {
        void* m = mmap(nullptr, sizeof(Thread), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (m == MAP_FAILED) return nullptr;
        t = static_cast<Thread*>(m);  // zero bytes are a valid Thread, and touching all of it here would cost 200 page faults
        t->tid.store(tid);
        t->next = first.load(std::memory_order_relaxed);
        while (!first.compare_exchange_weak(t->next, t, std::memory_order_release)) {}
    }
    t->writer.bind(log, uint32_t(tid));
    t->previous_count = 0;
    t->last_ns = 0;
    t->stack_low = t->stack_high = 0;
    if (tid == getpid()) {
        // The kernel keeps everything from the stack pointer to the end of the main thread's stack mapped.
        auto high = uintptr_t(__libc_stack_end) & ~uintptr_t(7);
        t->stack_low = high - (8u << 20);
        t->stack_high = high;
    } else t->stack_hint = uintptr_t(pthread_self()) - 8;  // glibc keeps the thread's descriptor at the top of its stack
    self = t;
    self_epoch = now;
    return t;
}

void Threads::reset() {
    epoch.fetch_add(1);
    for (Thread* t = first.load(); t; t = t->next) t->tid.store(0);
}

}  // namespace od::profile

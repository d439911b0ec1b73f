// See memory.hpp. The gaps between samples are exponential, so every byte has the same chance to be sampled; an allocation of n
// bytes is taken with probability 1 - exp(-n / interval) and stands for n divided by that.
//
// Each free must learn quickly that its block was not sampled: a small table of counters by address answers that for nearly
// all of them with one load. Counters, not flags: a table of flags fills up over time and then answers nothing.
#include "memory.hpp"

#include "base.hpp"
#include "log.hpp"
#include "recorder.hpp"

#include <Python.h>
#include <atomic>
#include <cmath>

namespace od::profile {
namespace {

constexpr int kDomains = 3;
PyMemAllocatorEx original[kDomains];
double interval = 512 * 1024;
std::atomic<bool> on{false};

OD_SIGNAL_TLS int64_t left;  // bytes until the next sample of this thread
OD_SIGNAL_TLS uint64_t random_state;
OD_SIGNAL_TLS bool busy;

constexpr uint32_t kFilter = 1 << 16, kLive = 1 << 20;
std::atomic<uint8_t> filter[kFilter];
void** live;  // open addressing; kGone marks a removed entry
void* const kGone = reinterpret_cast<void*>(1);
std::atomic_flag lock = ATOMIC_FLAG_INIT;

class Locked {
public:
    Locked() { while (lock.test_and_set(std::memory_order_acquire)) {} }
    ~Locked() { lock.clear(std::memory_order_release); }
};

uint32_t hash(const void* p) { return uint32_t((uintptr_t(p) >> 4) * 0x9e3779b97f4a7c15u >> 32); }

double exponential() {
    if (!random_state) random_state = uintptr_t(&random_state) * 0x9e3779b97f4a7c15u ^ monotonic_ns();
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return -std::log(double((random_state >> 11) + 1) / 9007199254740993.0) * interval;
}

void remember(void* p) {
    Locked guard;
    auto& count = filter[hash(p) % kFilter];
    if (count == 255) return;  // its free will not be seen; the block counts as alive
    for (uint32_t i = hash(p), probe = 0; probe < 256; probe++, i++) {
        void*& slot = live[i % kLive];
        if (slot && slot != kGone) continue;
        slot = p;
        count++;
        return;
    }
}

bool forget(void* p) {
    Locked guard;
    for (uint32_t i = hash(p), probe = 0; probe < 256; probe++, i++) {
        void*& slot = live[i % kLive];
        if (!slot) return false;
        if (slot != p) continue;
        slot = kGone;
        filter[hash(p) % kFilter]--;
        return true;
    }
    return false;
}

__attribute__((noinline, cold)) void sample(void* p, size_t n, int domain) {
    bool first = !random_state;
    left = int64_t(exponential()) + 1;
    if (first || !p || !on) return;  // a thread's first gap starts here
    busy = true;
    uint32_t node = recorder_stack_here();
    if (Writer* w = recorder_writer()) {
        if (auto* a = reinterpret_cast<AllocationRecord*>(w->reserve(sizeof(AllocationRecord)))) {
            a->monotonic_ns = monotonic_ns();
            a->address = uint64_t(uintptr_t(p));
            a->size = n;
            a->weight = uint64_t(double(n) / -std::expm1(-double(n) / interval));
            a->node = node == 0xffffffff ? 0 : node;
            a->domain = uint32_t(domain);
            w->commit(RecordType::Allocation, 0, sizeof *a);
            remember(p);
        }
    }
    busy = false;
}

__attribute__((noinline, cold)) void freed(void* p) {
    if (!on || busy || !forget(p)) return;
    if (Writer* w = recorder_writer())
        if (auto* f = reinterpret_cast<FreeRecord*>(w->reserve(sizeof(FreeRecord)))) {
            f->monotonic_ns = monotonic_ns();
            f->address = uint64_t(uintptr_t(p));
            w->commit(RecordType::Free, 0, sizeof *f);
        }
}

inline void counted(void* p, size_t n, int domain) {
    if ((left -= int64_t(n)) < 0 && !busy) sample(p, n, domain);
}
inline void released(void* p) {
    if (p && filter[hash(p) % kFilter].load(std::memory_order_relaxed)) freed(p);
}

// The small-object allocator passes what is too large for it on to the raw domain, whose hook counts it then. Found out by
// trying, since PYTHONMALLOC may have put another allocator there.
constexpr size_t kSmall = 512;
bool forwards_large = false;
OD_SIGNAL_TLS bool raw_seen;

template <int D> struct Hook {
    static void note(void* p, size_t n) {
        if (D == 0) raw_seen = true;
        if (D == 0 || n <= kSmall || !forwards_large) counted(p, n, D);
    }
    static void* malloc(void*, size_t n) {
        void* p = original[D].malloc(original[D].ctx, n);
        note(p, n);
        return p;
    }
    static void* calloc(void*, size_t count, size_t size) {
        void* p = original[D].calloc(original[D].ctx, count, size);
        note(p, count * size);
        return p;
    }
    static void* realloc(void*, void* old, size_t n) {
        released(old);
        void* p = original[D].realloc(original[D].ctx, old, n);
        note(p, n);
        return p;
    }
    static void free(void*, void* p) {
        released(p);
        original[D].free(original[D].ctx, p);
    }
    static void set() {
        PyMem_GetAllocator(PyMemAllocatorDomain(D), &original[D]);
        PyMemAllocatorEx hook{nullptr, malloc, calloc, realloc, free};
        PyMem_SetAllocator(PyMemAllocatorDomain(D), &hook);
    }
    static void unset() {
        PyMemAllocatorEx now;
        PyMem_GetAllocator(PyMemAllocatorDomain(D), &now);
        // Somebody else (tracemalloc) wrapped ours since: it would lose its own way down.
        if (now.malloc == malloc) PyMem_SetAllocator(PyMemAllocatorDomain(D), &original[D]);
    }
};

}  // namespace

void memory_start(double bytes) {
    interval = bytes;
    if (!live) live = static_cast<void**>(::calloc(kLive, sizeof(void*)));
    if (!live || on) return;
    on = true;
    static bool hooked = false;
    if (hooked) {
        PyMemAllocatorEx now;
        PyMem_GetAllocator(PYMEM_DOMAIN_MEM, &now);
        if (now.malloc == Hook<1>::malloc) return;  // still there from a recording before
    }
    hooked = true;
    Hook<0>::set();
    Hook<1>::set();
    Hook<2>::set();
    raw_seen = false;
    void* trial = PyObject_Malloc(kSmall * 4);
    forwards_large = raw_seen;
    PyObject_Free(trial);
}

void memory_stop() {
    if (!on.exchange(false)) return;
    Hook<2>::unset();
    Hook<1>::unset();
    Hook<0>::unset();
    Locked guard;
    for (auto& f : filter) f = 0;
    for (uint32_t i = 0; i < kLive; i++) live[i] = nullptr;
}

}  // namespace od::profile

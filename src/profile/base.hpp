// Small things every part of the profiler needs: clocks, thread ids, alignment. Everything here is safe inside a signal handler.
#pragma once
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

namespace od::profile {

inline uint64_t read_clock(clockid_t id) {
    timespec t;
    clock_gettime(id, &t);
    return uint64_t(t.tv_sec) * 1'000'000'000u + uint64_t(t.tv_nsec);
}

/// Nanoseconds of CLOCK_MONOTONIC: the one time base of every record.
inline uint64_t monotonic_ns() { return read_clock(CLOCK_MONOTONIC); }

/// Nanoseconds of CPU time used by the calling thread.
inline uint64_t thread_cpu_ns() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

/// The kernel's clock id for the CPU time of a thread of this process.
inline clockid_t cpu_clock_of(pid_t tid) { return clockid_t(~unsigned(tid) << 3 | 6); }

inline pid_t thread_id() { return pid_t(syscall(SYS_gettid)); }

constexpr size_t align_up(size_t n, size_t to) { return (n + to - 1) & ~(to - 1); }

/// Thread-local storage that a handler may touch: the general model may call malloc at first use.
#define OD_SIGNAL_TLS __thread __attribute__((tls_model("initial-exec")))

}  // namespace od::profile

// What makes a thread take a sample. docs/profile.md has the table of the modes and of what each one loses.
//
// The best is a perf event with `sigtrap`: the kernel raises the signal in the sampled thread on its way back to user code, so
// no system call is interrupted, and threads that start later have the event too.
#pragma once
#include "ring.hpp"

#include <csignal>
#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace od::profile {

enum class ClockMode { None, Sigtrap, SigtrapUser, Timer };

const char* name_of(ClockMode mode);

constexpr uint64_t kClockTag = 0x4f560001, kSwitchTag = 0x4f560002;

struct ClockOptions {
    uint32_t rate_hz = 1000;
    bool waits = true;           // sample context switches as well
    bool kernel = false;         // kernel frames too: one event a processor, whose ring gets them
    bool force_timer = false;    // for tests and for kernels whose perf misbehaves
    bool force_user = false;
};

class Clock {
public:
    /// Chooses the best mode that the kernel allows and starts it for every thread of this process but `except`.
    /// False with a sentence in `error` when no mode works.
    bool start(const ClockOptions& options, pid_t except, std::string* error);
    void stop();
    /// False once the program has closed our descriptors (daemons close all they find): the clock must be started again.
    bool intact() const;
    /// Holds the clock, or lets it go on; threads keep their events.
    void pause(bool hold);
    /// Another rate from now on, for all threads.
    void set_rate(uint32_t hz, uint32_t switch_period, pid_t except);
    /// Timer mode only: gives new threads a timer and drops those of dead threads.
    void follow_threads(pid_t except);
    /// Kernel frames since the last call: visit(thread, time, addresses, count), innermost first.
    template <class F> void drain_kernel(F visit) {
        for (auto& ring : rings)
            ring.drain([&](const perf_event_header& h, const char* payload) {
                struct { uint32_t pid, tid; uint64_t time, count; } head;
                if (h.type != PERF_RECORD_SAMPLE || h.size < sizeof h + sizeof head) return;
                memcpy(&head, payload, sizeof head);
                auto* addresses = reinterpret_cast<const uint64_t*>(payload + sizeof head);
                if (head.count > (h.size - sizeof h - sizeof head) / 8) return;
                constexpr uint64_t first_marker = uint64_t(-4095);  // the chain begins with a word that says "kernel"
                while (head.count && addresses[0] >= first_marker) addresses++, head.count--;
                if (head.count) visit(head.tid, head.time, addresses, uint32_t(head.count));
            });
    }
    bool sees_kernel() const { return !rings.empty(); }
    /// In a forked child: the parent's descriptors are not ours.
    void abandon();

    ClockMode mode() const { return current; }
    bool sees_waits() const { return waits; }
    uint32_t rate() const { return options.rate_hz; }
    static int timer_signal();

private:
    bool open_perf(pid_t tid, bool exclude_kernel);
    int open_event(pid_t tid, int cpu, uint64_t config, uint64_t period, uint64_t tag, bool exclude_kernel);
    bool open_kernel(pid_t tid);
    bool open_timer(pid_t tid);

    ClockOptions options;
    ClockMode current = ClockMode::None;
    bool waits = false;
    uint32_t switch_period = 1;
    std::vector<int> events;
    std::vector<Ring> rings;        // one a processor
    std::vector<int> ring_events;   // the event that each ring belongs to
    std::map<pid_t, timer_t> timers;
};

std::vector<pid_t> list_threads(pid_t process);

}  // namespace od::profile

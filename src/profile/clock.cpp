#include "clock.hpp"

#include "base.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>

namespace od::profile {

const char* name_of(ClockMode mode) {
    switch (mode) {
        case ClockMode::Sigtrap: return "sigtrap";
        case ClockMode::SigtrapUser: return "sigtrap-user";
        case ClockMode::Timer: return "timer";
        case ClockMode::None: break;
    }
    return "none";
}

int Clock::timer_signal() { return SIGRTMAX - 3; }

std::vector<pid_t> list_threads(pid_t process) {
    std::vector<pid_t> out;
    std::string path = "/proc/" + std::to_string(process) + "/task";
    if (DIR* d = opendir(path.c_str())) {
        while (dirent* e = readdir(d))
            if (e->d_name[0] != '.') out.push_back(pid_t(atoi(e->d_name)));
        closedir(d);
    }
    return out;
}

int Clock::open_event(pid_t tid, int cpu, uint64_t config, uint64_t period, uint64_t tag, bool exclude_kernel) {
    perf_event_attr a{};
    a.size = sizeof a;
    a.type = PERF_TYPE_SOFTWARE;
    a.config = config;
    a.sample_period = period;
    a.exclude_kernel = exclude_kernel;
    a.exclude_hv = 1;
    a.disabled = 1;
    a.sigtrap = 1;
    a.sig_data = tag;
    a.remove_on_exec = 1;              // demanded with sigtrap
    a.inherit = a.inherit_thread = 1;  // threads started later, but not forked processes
    if (cpu >= 0) {
        a.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN;
        a.exclude_callchain_user = 1;
        a.use_clockid = 1;
        a.clockid = CLOCK_MONOTONIC;
        a.wakeup_events = 1 << 20;  // the helper looks by itself
    }
    return int(syscall(SYS_perf_event_open, &a, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

bool Clock::open_kernel(pid_t tid) {
    constexpr size_t pages = 64;
    int count = int(sysconf(_SC_NPROCESSORS_ONLN));
    for (int cpu = 0; cpu < count; cpu++) {
        int fd = open_event(tid, cpu, PERF_COUNT_SW_TASK_CLOCK, 1'000'000'000u / options.rate_hz, kClockTag, false);
        if (fd < 0) return false;
        events.push_back(fd);
        if (int(rings.size()) == cpu) {
            Ring ring;
            if (!ring.map(fd, pages)) return false;
            rings.push_back(ring);
            ring_events.push_back(fd);
        } else ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring_events[size_t(cpu)]);
    }
    return true;
}

bool Clock::open_perf(pid_t tid, bool exclude_kernel) {
    if (options.kernel && !exclude_kernel) {
        if (!open_kernel(tid)) return errno == ESRCH && !events.empty();
    } else {
        int fd = open_event(tid, -1, PERF_COUNT_SW_TASK_CLOCK, 1'000'000'000u / options.rate_hz, kClockTag, exclude_kernel);
        if (fd < 0) return errno == ESRCH && !events.empty();  // a thread that ended meanwhile
        events.push_back(fd);
    }
    if (waits) {
        int other = open_event(tid, -1, PERF_COUNT_SW_CONTEXT_SWITCHES, switch_period, kSwitchTag, false);
        if (other >= 0) events.push_back(other);
        else if (errno != ESRCH) waits = false;
    }
    return true;
}

bool Clock::open_timer(pid_t tid) {
    sigevent e{};
    e.sigev_notify = SIGEV_THREAD_ID;
    e.sigev_signo = timer_signal();
    e.sigev_value.sival_ptr = reinterpret_cast<void*>(kClockTag);
    e._sigev_un._tid = tid;
    timer_t id;
    if (timer_create(CLOCK_MONOTONIC, &e, &id)) return false;
    long ns = 1'000'000'000L / options.rate_hz;
    itimerspec t{{ns / 1'000'000'000, ns % 1'000'000'000}, {ns / 1'000'000'000, ns % 1'000'000'000}};
    timer_settime(id, 0, &t, nullptr);
    timers[tid] = id;
    return true;
}

bool Clock::start(const ClockOptions& o, pid_t except, std::string* error) {
    options = o;
    auto threads = list_threads(getpid());
    threads.erase(std::remove(threads.begin(), threads.end(), except), threads.end());
    pid_t self = thread_id();
    int why = 0;
    if (!o.force_timer)
        for (bool user : {false, true}) {
            if (o.force_user && !user) continue;
            waits = o.waits && !user;
            if (!open_perf(self, user)) {
                why = errno;
                stop();
                continue;
            }
            for (pid_t t : threads)
                if (t != self) open_perf(t, user);
            for (int fd : events) ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
            current = user ? ClockMode::SigtrapUser : ClockMode::Sigtrap;
            return true;
        }
    waits = false;
    for (pid_t t : threads)
        if (open_timer(t)) current = ClockMode::Timer;
    if (current == ClockMode::Timer) return true;
    *error = std::string("neither perf events (") + strerror(why) + ") nor timers are allowed here";
    return false;
}

void Clock::set_rate(uint32_t hz, uint32_t period, pid_t except) {
    // PERF_EVENT_IOC_PERIOD does not reach the events that threads inherited, so all are opened anew.
    ClockMode was = current;
    stop();
    ClockOptions o = options;
    o.rate_hz = hz;
    o.force_timer = was == ClockMode::Timer;
    o.force_user = was == ClockMode::SigtrapUser;
    switch_period = period;
    std::string ignored;
    options = o;
    waits = o.waits && was == ClockMode::Sigtrap;
    for (pid_t t : list_threads(getpid())) {
        if (t == except) continue;
        if (was == ClockMode::Timer) open_timer(t);
        else open_perf(t, was == ClockMode::SigtrapUser);
    }
    for (int fd : events) ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
    current = was;
}

void Clock::follow_threads(pid_t except) {
    if (current != ClockMode::Timer) return;
    auto threads = list_threads(getpid());
    for (pid_t t : threads)
        if (t != except && !timers.count(t)) open_timer(t);
    for (auto it = timers.begin(); it != timers.end();)
        if (std::find(threads.begin(), threads.end(), it->first) == threads.end()) {
            timer_delete(it->second);
            it = timers.erase(it);
        } else ++it;
}

namespace {

/// A number that was ours may be a file of the program's by now, which must not be closed.
bool is_perf_event(int fd) {
    char link[64], name[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name);
    constexpr char wanted[] = "anon_inode:[perf_event]";
    return n == ssize_t(sizeof wanted - 1) && !memcmp(name, wanted, size_t(n));
}

}  // namespace

bool Clock::intact() const { return events.empty() || (is_perf_event(events.front()) && is_perf_event(events.back())); }

void Clock::pause(bool hold) {
    for (int fd : events) ioctl(fd, hold ? PERF_EVENT_IOC_DISABLE : PERF_EVENT_IOC_ENABLE, 0);
    long ns = hold ? 0 : 1'000'000'000L / options.rate_hz;
    itimerspec t{{ns / 1'000'000'000, ns % 1'000'000'000}, {ns / 1'000'000'000, ns % 1'000'000'000}};
    for (auto& [tid, id] : timers) timer_settime(id, 0, &t, nullptr);
}

void Clock::stop() {
    for (int fd : events) {
        if (!is_perf_event(fd)) continue;
        ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
        close(fd);
    }
    events.clear();
    for (auto& ring : rings) ring.unmap();
    rings.clear();
    ring_events.clear();
    for (auto& [tid, id] : timers) timer_delete(id);
    timers.clear();
    current = ClockMode::None;
}

void Clock::abandon() {
    for (int fd : events)
        if (is_perf_event(fd)) close(fd);  // the events themselves go on in the parent
    events.clear();
    for (auto& ring : rings) ring.unmap();
    rings.clear();
    ring_events.clear();
    timers.clear();  // timers are not inherited
    current = ClockMode::None;
}

}  // namespace od::profile

// See attach.hpp.
#include "attach.hpp"

#include "base.hpp"
#include "clock.hpp"
#include "intern.hpp"
#include "log.hpp"
#include "remote.hpp"
#include "ring.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <linux/perf_event.h>
#include <map>
#include <memory>
#include <mutex>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <thread>
#include <unordered_map>
#include <vector>

namespace od::profile {
namespace {

struct Target {
    pid_t pid;
    uint32_t rate;
    uint64_t runtime;
    Layout layout;
    uint64_t gil = 0;
    Log log;
    NodeTable nodes;
    std::atomic<bool> stop{false};
    std::atomic<uint64_t> moved{0}, broken{0};
    bool free_running = false;  // perf is refused: frames are read from a program that runs

    std::mutex mutex;  // guards the tables below and all writing
    Writer writer;  // of nodes, code and descriptions
    std::unordered_map<uint64_t, std::pair<uint32_t, uint64_t>> codes;  // address -> id, when it was last looked at
    std::unordered_map<uint64_t, uint64_t> fingerprints;
    uint32_t next_code = 0;
    std::map<pid_t, uint64_t> states;  // thread -> its state's address
    std::map<pid_t, std::unique_ptr<Writer>> writers;
    std::map<pid_t, uint64_t> cpu, waits;
    std::map<pid_t, std::string> names;
    std::vector<std::thread> samplers;
};

std::unique_ptr<Target> T;

void note(Target& t, const std::string& json) {
    size_t bytes = align_up(sizeof(RecordHeader) + json.size(), 8);
    char* at = t.writer.reserve(bytes);
    if (!at) return;
    memset(at + bytes - 8, 0, 8);
    memcpy(at + sizeof(RecordHeader), json.data(), json.size());
    t.writer.commit(RecordType::Info, 0, bytes);
}

/// All threads of all interpreters: kernel's id -> address of the thread state.
void find_threads(Target& t, RemoteReader& r) {
    std::map<pid_t, uint64_t> found;
    uint64_t interpreter = r.word(t.runtime + uint64_t(t.layout.runtime_interpreters));
    for (int i = 0; interpreter && i < 64; i++, interpreter = r.word(interpreter + uint64_t(t.layout.interpreter_next))) {
        if (!i && t.layout.interpreter_gil >= 0) t.gil = r.word(interpreter + uint64_t(t.layout.interpreter_gil));
        uint64_t state = r.word(interpreter + uint64_t(t.layout.interpreter_threads));
        for (int k = 0; state && k < 10000; k++, state = r.word(state + uint64_t(t.layout.thread_next))) {
            pid_t tid = 0;
            if (t.layout.thread_native_id >= 0) tid = pid_t(r.word(state + uint64_t(t.layout.thread_native_id)));
            else if (uint64_t p = r.word(state + uint64_t(t.layout.thread_pthread))) {
                constexpr uint64_t glibc_tid = 720;  // struct pthread keeps the kernel's id there on x86-64, in every glibc so far
                int32_t v = 0;
                if (r.read(p + glibc_tid, &v, sizeof v)) tid = v;
            }
            if (tid > 0) found[tid] = state;
        }
    }
    std::lock_guard lock(t.mutex);
    t.states = std::move(found);
}

uint32_t code_id(Target& t, RemoteReader& r, uint64_t address, uint64_t now) {
    constexpr uint64_t trust_ns = 500'000'000;  // looking costs a system call while the target waits
    auto it = t.codes.find(address);
    if (it != t.codes.end() && now - it->second.second < trust_ns) return it->second.first;
    const Layout& l = t.layout;
    char head[256] = {};
    auto reach = size_t(std::max({l.code_name, l.code_file, l.code_table, l.code_first_line})) + 8;
    if (reach > sizeof head || !r.read(address, head, reach)) return it != t.codes.end() ? it->second.first : t.next_code++;
    auto field = [&](int64_t at) {
        uint64_t v;
        memcpy(&v, head + at, sizeof v);
        return v;
    };
    uint64_t name = field(l.code_name), file = field(l.code_file), table = field(l.code_table);
    int32_t first_line;
    memcpy(&first_line, head + l.code_first_line, sizeof first_line);
    uint64_t print = ((name * 0x9e3779b97f4a7c15u ^ file) * 0x9e3779b97f4a7c15u ^ table) * 0x9e3779b97f4a7c15u ^ uint64_t(first_line);
    if (it != t.codes.end() && t.fingerprints[address] == print) {
        it->second.second = now;
        return it->second.first;
    }
    uint32_t id = t.next_code++;
    t.codes[address] = {id, now};
    t.fingerprints[address] = print;
    std::string parts[4] = {r.text(name), l.code_qualname >= 0 ? r.text(r.word(address + uint64_t(l.code_qualname))) : "", r.text(file), r.bytes(table, 1 << 20)};
    if (parts[1].empty()) parts[1] = parts[0];
    size_t text = 0;
    for (auto& p : parts) text += p.size();
    size_t bytes = align_up(sizeof(CodeRecord) + text, 8);
    auto* c = reinterpret_cast<CodeRecord*>(t.writer.reserve(bytes));
    if (!c) return id;
    c->id = id, c->first_line = first_line;
    c->name_bytes = uint32_t(parts[0].size()), c->qualname_bytes = uint32_t(parts[1].size()), c->file_bytes = uint32_t(parts[2].size());
    c->line_table_bytes = uint32_t(parts[3].size()), c->code_bytes = 0;
    c->name_kind = c->qualname_kind = c->file_kind = 8;  // UTF-8
    auto* at = reinterpret_cast<char*>(c + 1);
    for (auto& p : parts) memcpy(at, p.data(), p.size()), at += p.size();
    t.writer.commit(RecordType::Code, 0, bytes);
    return id;
}

void write(Target& t, RemoteReader& r, pid_t tid, const std::vector<RemoteFrame>& frames, uint64_t now, uint64_t cpu_step, uint16_t flags, SampleState state) {
    std::lock_guard lock(t.mutex);
    auto& c = t.log.counters();
    uint32_t node = NodeTable::kRoot;
    auto descend = [&](uint64_t frame) {
        bool fresh;
        uint32_t next = t.nodes.node(node, frame, &fresh);
        if (next == NodeTable::kNone) return c.intern_full++, flags |= kShortened, false;
        if (fresh)
            if (auto* n = reinterpret_cast<NodeRecord*>(t.writer.reserve(sizeof(NodeRecord)))) {
                n->id = next, n->parent = node, n->frame = frame;
                t.writer.commit(RecordType::Node, 0, sizeof *n);
            }
        node = next;
        return true;
    };
    if (r.truncated) flags |= kTruncated, c.truncated++, descend(make_frame(FrameKind::Mark, uint64_t(FrameMark::Truncated)));
    for (size_t i = frames.size(); i-- > 0;)
        if (!descend(make_frame(FrameKind::Python, uint64_t(code_id(t, r, frames[i].code, now)) << 32 | frames[i].instruction))) break;
    auto& w = t.writers[tid];
    if (!w) w = std::make_unique<Writer>(), w->bind(&t.log, uint32_t(tid));
    auto* s = reinterpret_cast<SampleRecord*>(w->reserve(sizeof(SampleRecord)));
    if (!s) {
        c.lost++;
        return;
    }
    s->monotonic_ns = now, s->cpu_ns = t.cpu[tid] += cpu_step, s->node = node, s->state = uint32_t(state), s->context = 0;
    w->commit(RecordType::Sample, flags | kPythonOnly, sizeof *s);
    c.samples++;
    c.frames_python += frames.size();
    c.last_ns = now;
}

void take(Target& t, RemoteReader& r, pid_t tid, std::vector<RemoteFrame>& frames, uint64_t cpu_step, uint16_t flags, SampleState state) {
    uint64_t address = 0;
    {
        std::lock_guard lock(t.mutex);
        auto it = t.states.find(tid);
        if (it != t.states.end()) address = it->second;
    }
    uint64_t now = monotonic_ns();
    if (!address) {
        frames.clear();
        r.truncated = false;
        t.log.counters().no_python++;
        write(t, r, tid, frames, now, cpu_step, flags | kNoPython, state);
        return;
    }
    auto result = r.take(address, t.free_running && !(flags & kSwitch), frames);
    if (result == RemoteReader::Broken) t.broken++, t.log.counters().lost++;
    else if (result == RemoteReader::Moved) t.moved++, t.log.counters().lost++;
    else write(t, r, tid, frames, now, cpu_step, flags, state);
    if (!(flags & kSwitch)) __atomic_fetch_add(&t.log.counters().handler_ns, monotonic_ns() - now, __ATOMIC_RELAXED);
}

/// The sampler of one processor.
class Processor {
public:
    Processor(Target& t, int cpu) : target(t), cpu(cpu), reader(t.pid, t.layout) {}

    /// Opens the clock for all of the target's threads on this processor. 0 or errno.
    int open() {
        for (bool user : {false, true}) {
            int error = 0;
            for (pid_t tid : list_threads(target.pid)) {
                int fd = event(tid, user);
                if (fd < 0) {
                    if (errno != ESRCH) error = errno;
                    continue;
                }
                if (fds.empty()) {
                    if (!ring.map(fd, kPages)) {
                        error = errno;
                        close(fd);
                        break;
                    }
                } else ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, fds[0]);
                fds.push_back(fd);
            }
            if (!fds.empty()) return 0;
            if (error != EACCES && error != EPERM) return error ? error : ESRCH;
            if (user) return error;
        }
        return EACCES;
    }

    void run() {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
        sched_param p{};
        p.sched_priority = 1;
        sched_setscheduler(0, SCHED_FIFO, &p);  // so that the wake-up preempts at once; without the right to it, it mostly does
        for (int fd : fds) ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
        pollfd wait{fds[0], POLLIN, 0};
        while (!target.stop) {
            poll(&wait, 1, 100);
            drain();
        }
        for (int fd : fds) close(fd);
        ring.unmap();
    }

private:
    static constexpr size_t kPages = 8;

    int event(pid_t tid, bool user) {
        perf_event_attr a{};
        a.size = sizeof a;
        a.type = PERF_TYPE_SOFTWARE;
        a.config = PERF_COUNT_SW_TASK_CLOCK;
        a.sample_period = 1'000'000'000u / target.rate;
        a.sample_type = PERF_SAMPLE_TID;
        a.wakeup_events = 1;
        a.exclude_hv = 1;
        a.exclude_kernel = user;
        a.inherit = 1;
        a.disabled = 1;
        return int(syscall(SYS_perf_event_open, &a, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
    }

    void drain() {
        pid_t newest = 0;
        std::map<pid_t, uint64_t> ticks;
        ring.drain([&](const perf_event_header& h, const char* payload) {
            uint32_t ids[2];
            if (h.type != PERF_RECORD_SAMPLE) return;
            memcpy(ids, payload, sizeof ids);
            if (pid_t(ids[0]) == target.pid) newest = pid_t(ids[1]), ticks[newest]++;
        });
        // Only the newest record's thread stands still now; older ticks keep their time but not a stack of their own.
        if (newest) take(target, reader, newest, frames, ticks[newest] * (1'000'000'000u / target.rate), 0, SampleState::Cpu);
    }

    Target& target;
    int cpu;
    RemoteReader reader;
    std::vector<RemoteFrame> frames;
    std::vector<int> fds;
    Ring ring;
};

/// Threads that wait have no clock. Their stacks stand still by themselves, so they are looked at a hundred times a second.
class Watcher {
public:
    explicit Watcher(Target& t) : target(t), reader(t.pid, t.layout) {}

    void run() {
        uint64_t looked = 0;
        while (!target.stop) {
            {
                std::lock_guard lock(target.mutex);
                target.log.extend();
            }
            uint64_t now = monotonic_ns();
            if (now - looked > 200'000'000) find_threads(target, reader), names(), looked = now;
            for (pid_t tid : list_threads(target.pid)) look(tid);
            uint64_t step = target.free_running ? 1'000'000'000u / target.rate : 10'000'000;
            timespec pause{0, long(step)};
            nanosleep(&pause, nullptr);
        }
    }

private:
    struct Seen { uint64_t cpu = 0, time = 0; };

    void look(pid_t tid) {
        // Another process's thread clocks are closed to us; the scheduler's own account is not.
        std::ifstream f("/proc/" + std::to_string(target.pid) + "/task/" + std::to_string(tid) + "/schedstat");
        uint64_t cpu = 0;
        if (!(f >> cpu)) return;
        Seen& s = seen[tid];
        bool idle = s.time && cpu == s.cpu;
        uint64_t used = s.time ? cpu - s.cpu : 0;
        s = {cpu, monotonic_ns()};
        if (target.free_running && used) take(target, reader, tid, frames, used, 0, SampleState::Cpu);
        else if (idle) take(target, reader, tid, frames, 0, kSwitch, waits_for(tid));
    }

    SampleState waits_for(pid_t tid) {
        std::ifstream f("/proc/" + std::to_string(target.pid) + "/task/" + std::to_string(tid) + "/syscall");
        std::string number, first;
        if (!(f >> number >> first)) return SampleState::Blocked;
        if (number == "running") return SampleState::Preempted;
        uint64_t address = strtoull(first.c_str(), nullptr, 16);
        constexpr uint64_t gil_bytes = 512;
        return number == "202" && target.gil && address >= target.gil && address < target.gil + gil_bytes ? SampleState::GilWait : SampleState::Blocked;
    }

    void names() {
        for (pid_t tid : list_threads(target.pid)) {
            std::ifstream f("/proc/" + std::to_string(target.pid) + "/task/" + std::to_string(tid) + "/comm");
            std::string name;
            if (!std::getline(f, name)) continue;
            std::lock_guard lock(target.mutex);
            if (target.names[tid] == name) continue;
            target.names[tid] = name;
            name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c == '"' || c == '\\' || uint8_t(c) < 32; }), name.end());
            note(target, "{\"kind\":\"thread\",\"tid\":" + std::to_string(tid) + ",\"comm\":\"" + name + "\"}");
        }
    }

    Target& target;
    RemoteReader reader;
    std::vector<RemoteFrame> frames;
    std::map<pid_t, Seen> seen;
};

PyObject* fail(const std::string& sentence) {
    T->log.close();
    T.reset();
    PyErr_SetString(PyExc_OSError, sentence.c_str());
    return nullptr;
}

}  // namespace

PyObject* attach_start(PyObject*, PyObject* args) {
    const char *path, *info;
    int pid;
    unsigned rate;
    PyObject* layout;
    unsigned long long runtime;
    if (!PyArg_ParseTuple(args, "ssiIO!K", &path, &info, &pid, &rate, &PyDict_Type, &layout, &runtime)) return nullptr;
    if (T) {
        PyErr_SetString(PyExc_OSError, "a process is being recorded already");
        return nullptr;
    }
    T = std::make_unique<Target>();
    Target& t = *T;
    t.pid = pid, t.rate = rate, t.runtime = runtime;
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(layout, &at, &key, &value);)
        if (!t.layout.set(PyUnicode_AsUTF8(key), PyLong_AsLongLong(value))) return fail("unknown layout field");
    if (!t.nodes.create()) return fail("no memory for the profiler's tables");
    if (auto error = t.log.open(path, 8ull << 30); !error.empty()) return fail(error);
    t.log.header()->pid = uint32_t(pid);
    t.writer.bind(&t.log, 0);
    note(t, info);
    RemoteReader reader(pid, t.layout);
    find_threads(t, reader);
    if (t.states.empty()) {
        unlink(path);
        return fail("no Python thread was found in it");
    }
    int error = 0;
    std::vector<std::shared_ptr<Processor>> processors;
    for (int cpu = 0; cpu < int(sysconf(_SC_NPROCESSORS_ONLN)); cpu++) {
        auto p = std::make_shared<Processor>(t, cpu);
        if (int e = p->open()) error = e;
        else processors.push_back(p);
    }
    t.free_running = processors.empty();
    note(t, "{\"kind\":\"clock\",\"mode\":\"" + std::string(t.free_running ? "attach-free" : "attach") + "\",\"waits\":true,\"hz\":" + std::to_string(rate) +
                ",\"reason\":\"" + (error ? strerror(error) : "") + "\"}");
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    for (auto& p : processors) t.samplers.emplace_back([p] { p->run(); });
    t.samplers.emplace_back([&t] { Watcher(t).run(); });
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    return PyUnicode_FromString(t.free_running ? "attach-free" : "attach");
}

PyObject* attach_stop(PyObject*, PyObject*) {
    if (!T) Py_RETURN_NONE;
    Target& t = *T;
    t.stop = true;
    Py_BEGIN_ALLOW_THREADS
    for (auto& s : t.samplers) s.join();
    Py_END_ALLOW_THREADS
    auto& c = t.log.counters();
    c.stopped = 1;
    PyObject* out = Py_BuildValue("{sKsKsKsK}", "samples", c.samples, "lost", c.lost, "moved", t.moved.load(), "broken", t.broken.load());
    t.log.close();
    T.reset();
    return out;
}

PyObject* attach_alive(PyObject*, PyObject*) {
    if (!T) Py_RETURN_FALSE;
    std::ifstream f("/proc/" + std::to_string(T->pid) + "/stat");
    std::string stat;
    std::getline(f, stat);
    auto name_end = stat.rfind(')');  // the state follows the name, which may hold anything
    char state = name_end != std::string::npos && name_end + 2 < stat.size() ? stat[name_end + 2] : 'X';
    return PyBool_FromLong(state != 'Z' && state != 'X');
}

}  // namespace od::profile

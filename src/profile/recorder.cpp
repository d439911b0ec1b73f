// See recorder.hpp. Three parts meet here:
//   the handler   runs in the sampled thread: walks, merges, interns, writes one record. No lock, no allocation, no errno.
//   the helper    a thread of its own with all signals blocked: keeps the file ahead of the handlers, follows the loader and
//                 the threads, holds the overhead's bound. It never touches a Python object.
//   start, stop   on a Python thread with the GIL; around fork, so that a child starts with nothing of its parent's.
#define PY_SSIZE_T_CLEAN
#include "recorder.hpp"

#include "base.hpp"
#include "clock.hpp"
#include "intern.hpp"
#include "log.hpp"
#include "memory.hpp"
#include "modules.hpp"
#include "thread.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <semaphore.h>
#include <thread>
#include <unordered_map>

namespace od::profile {
namespace {

constexpr int kTrapPerf = 6;  // si_code of a sigtrap event; older C libraries do not name it

struct Recorder {
    RecorderOptions options;
    Log log;
    Writer notes;              // the recorder's own chunk
    std::mutex notes_mutex;
    Modules modules;
    NodeTable nodes;
    CodeTable codes;
    Threads threads;
    Clock clock;
    std::atomic<bool> active{false};
    std::atomic<bool> bare{false};         // take signals, record nothing
    std::atomic<int> inside{0};            // handlers that run right now
    std::atomic<bool> modules_stale{false};
    std::atomic<uint64_t> code_generation{1};
    od_compiled_channel* compiled = nullptr;
    uintptr_t gil_low = 0, gil_high = 0;
    struct sigaction before{};             // the program's own SIGTRAP disposition

    std::thread helper;
    std::mutex helper_mutex;               // held while the helper works; fork waits for it
    sem_t helper_wake;                     // the one way to wake a thread that a handler may use
    std::atomic<bool> helper_stop{false};
    std::atomic<pid_t> helper_tid{0};
};

// Never destroyed: handlers may run until the process is gone.
Recorder& R = *new Recorder;

// ---------------------------------------------------------------------------------------------------------------- the handler

bool write_node(Thread& t, uint32_t id, uint32_t parent, uint64_t frame) {
    auto* n = reinterpret_cast<NodeRecord*>(t.writer.reserve(sizeof(NodeRecord)));
    if (!n) return false;
    n->id = id, n->parent = parent, n->frame = frame;
    t.writer.commit(RecordType::Node, 0, sizeof *n);
    return true;
}

bool write_code(Thread& t, uint32_t id, PyCodeObject* code) {
    CodeParts p;
    python::describe(code, p);
    constexpr uint32_t most = 1 << 20;  // generated code can be huge; its bytecode is then left out
    if (p.code_bytes > most) p.code_bytes = 0;
    if (p.line_table_bytes > most) p.line_table_bytes = 0;
    size_t text = size_t(p.name.bytes) + p.qualname.bytes + p.file.bytes + p.line_table_bytes + p.code_bytes;
    size_t bytes = align_up(sizeof(CodeRecord) + text, 8);
    auto* c = reinterpret_cast<CodeRecord*>(t.writer.reserve(bytes));
    if (!c) return false;
    c->id = id;
    c->first_line = p.first_line;
    c->name_bytes = p.name.bytes, c->qualname_bytes = p.qualname.bytes, c->file_bytes = p.file.bytes;
    c->line_table_bytes = p.line_table_bytes, c->code_bytes = p.code_bytes;
    c->name_kind = p.name.kind, c->qualname_kind = p.qualname.kind, c->file_kind = p.file.kind;
    auto* at = reinterpret_cast<char*>(c + 1);
    auto put = [&](const void* data, size_t n) { memcpy(at, data, n), at += n; };
    put(p.name.data, p.name.bytes);
    put(p.qualname.data, p.qualname.bytes);
    put(p.file.data, p.file.bytes);
    put(p.line_table, p.line_table_bytes);
    put(p.code, p.code_bytes);
    t.writer.commit(RecordType::Code, 0, bytes);
    return true;
}

/// The frame's 64 bits; 0 when what it refers to could not be written down.
uint64_t frame_of(Thread& t, const MergedFrame& f) {
    switch (f.kind) {
        case MergedFrame::Compiled:
        case MergedFrame::Python: {
            auto* code = static_cast<PyCodeObject*>(const_cast<void*>(f.object));
            // As long as no code object has been freed since, an address means the same one.
            auto& known = t.codes[(uintptr_t(code) >> 5 ^ uintptr_t(code) >> 13) % std::size(t.codes)];
            if (known.code != code || known.generation != t.code_generation) {
                bool fresh;
                uint32_t id = R.codes.code(uintptr_t(code), python::fingerprint(code), &fresh);
                if (id == CodeTable::kNone) return 0;
                if (fresh && !write_code(t, id, code)) {
                    R.codes.forget(uintptr_t(code));  // it is written when there is room again
                    return 0;
                }
                known = {code, t.code_generation, id};
            }
            auto kind = f.kind == MergedFrame::Compiled ? FrameKind::Compiled : FrameKind::Python;
            return make_frame(kind, uint64_t(known.id & 0xfffffff) << 32 | f.instruction);
        }
        case MergedFrame::Native: {
            uintptr_t pc = f.caller ? f.pc - 1 : f.pc;
            if (auto* m = static_cast<const Module*>(f.object))
                return make_frame(FrameKind::Native, uint64_t(m->id & 0xffff) << 44 | ((pc - m->load_address) & 0xfffffffffff));
            return make_frame(FrameKind::Address, pc & 0xfffffffffffffff);
        }
        case MergedFrame::Truncated: return make_frame(FrameKind::Mark, uint64_t(FrameMark::Truncated));
        case MergedFrame::Unmerged: return make_frame(FrameKind::Mark, uint64_t(FrameMark::Unmerged));
    }
    return 0;
}

/// The node of the thread's merged stack.
uint32_t intern_stack(Thread& t, const MergedStack& s, uint16_t* flags) {
    uint64_t generation = R.code_generation.load(std::memory_order_relaxed);
    bool same = generation == t.code_generation;
    t.code_generation = generation;
    uint32_t node = NodeTable::kRoot;
    int depth = 0;
    for (int i = s.count - 1; i >= 0; i--, depth++) {
        const MergedFrame& f = s.frames[i];
        Thread::Previous& p = t.previous[depth];
        uint64_t place = (f.kind == MergedFrame::Python || f.kind == MergedFrame::Compiled ? uint64_t(f.instruction) : uint64_t(f.pc)) | uint64_t(f.kind) << 60 | uint64_t(f.caller) << 59;
        if (same && depth < t.previous_count && p.object == f.object && p.place == place) {
            node = p.node;
            continue;
        }
        same = false;
        bool fresh;
        uint64_t frame = frame_of(t, f);
        uint32_t next = frame ? R.nodes.node(node, frame, &fresh) : NodeTable::kNone;
        if (next == NodeTable::kNone || (fresh && !write_node(t, next, node, frame))) {
            *flags |= kShortened;
            __atomic_fetch_add(&R.log.counters().intern_full, 1, __ATOMIC_RELAXED);
            break;
        }
        node = next;
        p = {f.object, place, node};
    }
    t.previous_count = depth;
    return node;
}

SampleState state_of(const ucontext_t& context) {
    auto* pc = reinterpret_cast<const uint8_t*>(context.uc_mcontext.gregs[REG_RIP]);
    uint8_t b[2] = {};
    if ((uintptr_t(pc) & 4095) >= 2) memcpy(b, pc - 2, sizeof b);  // the page is mapped: the thread runs there
    else read_memory(uintptr_t(pc) - 2, b, sizeof b);
    if (b[0] != 0x0f || b[1] != 0x05) return SampleState::Preempted;
    auto argument = uintptr_t(context.uc_mcontext.gregs[REG_RDI]);  // a futex call keeps its address there
    return argument >= R.gil_low && argument < R.gil_high ? SampleState::GilWait : SampleState::Blocked;
}

/// Fills t.merged from the interrupted context. Returns the flags of the sample.
uint16_t take_stack(Thread& t, const ucontext_t& context, PyThreadState* state) {
    uint16_t flags = 0;
    auto& c = R.log.counters();
    if (R.options.native) {
        StackBounds bounds{t.stack_low.load(std::memory_order_relaxed), t.stack_high.load(std::memory_order_relaxed)};
        walk_native(context, *R.modules.current(), bounds, t.rows, t.native);
        if (t.native.unknown_module && !R.modules_stale.exchange(true)) sem_post(&R.helper_wake);
    } else {
        t.native.count = 0, t.native.complete = true, t.native.truncated = false;
        flags |= kPythonOnly;
    }
    if (state) python::walk(state, t.python);
    merge(t.native, state ? &t.python : nullptr, t.merged);
    if (!state) flags |= kNoPython, __atomic_fetch_add(&c.no_python, 1, __ATOMIC_RELAXED);
    if (R.options.native && !t.merged.merged) flags |= kUnmerged, __atomic_fetch_add(&c.unmerged, 1, __ATOMIC_RELAXED);
    if (t.merged.truncated) flags |= kTruncated, __atomic_fetch_add(&c.truncated, 1, __ATOMIC_RELAXED);
    else if (!t.merged.native_complete) flags |= kNativeCut, __atomic_fetch_add(&c.native_cut, 1, __ATOMIC_RELAXED);
    return flags;
}

void write_sample(Thread& t, uint16_t flags, uint64_t now, uint64_t cpu, uint32_t node, SampleState state) {
    auto& c = R.log.counters();
    auto* s = reinterpret_cast<SampleRecord*>(t.writer.reserve(sizeof(SampleRecord)));
    if (!s) {
        __atomic_fetch_add(&c.lost, 1, __ATOMIC_RELAXED);
        return;
    }
    s->monotonic_ns = now;
    s->cpu_ns = cpu;
    s->node = node;
    s->state = uint32_t(state);
    s->context = t.merged.task;
    t.writer.commit(RecordType::Sample, flags, sizeof *s);
    __atomic_fetch_add(&c.samples, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&c.last_ns, now, __ATOMIC_RELAXED);
}

void sample(const ucontext_t& context, bool from_switch) {
    uint64_t now = monotonic_ns();
    Thread* t = R.threads.mine(&R.log);
    if (!t) return;
    uint64_t cpu = thread_cpu_ns();
    PyThreadState* thread_state = PyGILState_GetThisThreadState();
    uint16_t flags = take_stack(*t, context, thread_state);
    if (thread_state && PyThreadState_GetUnchecked() == thread_state) {
        flags |= kHoldsGil;
        if (python::collecting(thread_state)) flags |= kCollecting;
    }
    // A clock signal that falls due inside a blocking call arrives when the call returns, so it can carry a wait as well.
    constexpr uint64_t worth_naming_ns = 50'000;
    bool waited = t->last_ns && now - t->last_ns > cpu - t->last_cpu_ns + worth_naming_ns;
    SampleState state = from_switch || waited ? state_of(context) : SampleState::Cpu;
    if (from_switch) flags |= kSwitch;
    uint32_t node = intern_stack(*t, t->merged, &flags);
    write_sample(*t, flags, now, cpu, node, state);
    t->last_ns = now, t->last_cpu_ns = cpu;
    auto& c = R.log.counters();
    if (from_switch) __atomic_fetch_add(&c.switches, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&c.frames_native, uint64_t(t->native.count), __ATOMIC_RELAXED);
    if (thread_state) __atomic_fetch_add(&c.frames_python, uint64_t(t->python.count), __ATOMIC_RELAXED);
    __atomic_fetch_add(&c.handler_ns, monotonic_ns() - now, __ATOMIC_RELAXED);
}

void pass_on(int signal, siginfo_t* info, void* context) {
    const struct sigaction& a = R.before;
    if (R.active) __atomic_fetch_add(&R.log.counters().foreign_traps, 1, __ATOMIC_RELAXED);
    if (a.sa_flags & SA_SIGINFO) {
        if (a.sa_sigaction) a.sa_sigaction(signal, info, context);
    } else if (a.sa_handler == SIG_DFL) {
        // What the trap would have done without us.
        struct sigaction plain{};
        plain.sa_handler = SIG_DFL;
        sigaction(signal, &plain, nullptr);
        raise(signal);
    } else if (a.sa_handler != SIG_IGN) a.sa_handler(signal);
}

void on_signal(int signal, siginfo_t* info, void* context) {
    int saved_errno = errno;
    uint64_t tag = 0;
    if (signal == SIGTRAP) {
        if (info->si_code != kTrapPerf) {
            pass_on(signal, info, context);
            errno = saved_errno;
            return;
        }
        memcpy(&tag, reinterpret_cast<const char*>(info) + 24, sizeof tag);  // si_perf_data
    } else tag = uint64_t(uintptr_t(info->si_value.sival_ptr));
    if (tag == kClockTag || tag == kSwitchTag) {
        R.inside.fetch_add(1);
        if (R.active.load() && !R.bare.load(std::memory_order_relaxed)) sample(*static_cast<ucontext_t*>(context), tag == kSwitchTag);
        R.inside.fetch_sub(1);
    }
    errno = saved_errno;
}

void install_handler(int signal, struct sigaction* old) {
    struct sigaction a{};
    a.sa_sigaction = on_signal;
    a.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&a.sa_mask);
    sigaction(signal, &a, old);
}

// ----------------------------------------------------------------------------------------------------------------- the helper

bool note_locked(RecordType type, const void* head, size_t head_bytes, const std::string& text, const std::string& more = {}) {
    size_t bytes = align_up(head_bytes + text.size() + more.size(), 8);
    char* at = R.notes.reserve(bytes);
    if (!at) return false;
    memset(at + bytes - 8, 0, 8);
    memcpy(at + sizeof(RecordHeader), static_cast<const char*>(head) + sizeof(RecordHeader), head_bytes - sizeof(RecordHeader));
    memcpy(at + head_bytes, text.data(), text.size());
    memcpy(at + head_bytes + text.size(), more.data(), more.size());
    R.notes.commit(type, 0, bytes);
    return true;
}

bool note(const std::string& json) {
    std::lock_guard lock(R.notes_mutex);
    RecordHeader h{};
    return note_locked(RecordType::Info, &h, sizeof h, json);
}

void write_modules(const std::vector<const Module*>& fresh) {
    std::lock_guard lock(R.notes_mutex);
    for (auto* m : fresh) {
        ModuleRecord r{};
        r.id = m->id, r.path_bytes = uint32_t(m->path.size()), r.load_address = m->load_address, r.size = m->size;
        r.build_id_bytes = uint32_t(m->build_id.size());
        note_locked(RecordType::Module, &r, sizeof r, m->path, m->build_id);
    }
}

void drain_kernel() {
    R.clock.drain_kernel([](uint32_t tid, uint64_t time, const uint64_t* addresses, uint32_t count) {
        std::lock_guard lock(R.notes_mutex);
        KernelRecord k{};
        k.monotonic_ns = time, k.tid = tid, k.count = count;
        note_locked(RecordType::Kernel, &k, sizeof k, std::string(reinterpret_cast<const char*>(addresses), count * 8));
    });
}

/// Where each thread's own stack is: handlers read it directly only once that is known.
void learn_stacks() {
    std::vector<Thread*> unknown;
    R.threads.each([&](Thread& t) { if (!t.stack_high && t.stack_hint) unknown.push_back(&t); });
    if (unknown.empty()) return;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long low, high;
        char mode[8];
        if (sscanf(line.c_str(), "%lx-%lx %7s", &low, &high, mode) != 3 || mode[0] != 'r') continue;
        for (Thread* t : unknown)
            if (t->stack_hint >= low && t->stack_hint < high) {
                t->stack_low.store(low);
                t->stack_high.store(t->stack_hint + 8);
            }
    }
}

std::string json_text(const std::string& s) {
    std::string out = "\"";
    for (char c : s) {
        if (c == '"' || c == '\\') out += '\\', out += c;
        else if (uint8_t(c) < 32) out += ' ';
        else out += c;
    }
    return out + '"';
}

class Helper {
public:
    void run() {
        pthread_setname_np(pthread_self(), "od-profile");
        R.helper_tid = thread_id();
        constexpr uint64_t often_ns = 200'000'000, seldom_ns = 500'000'000;
        uint64_t looked = 0, governed = monotonic_ns();
        while (!R.helper_stop) {
            {
                std::lock_guard lock(R.helper_mutex);
                uint64_t now = monotonic_ns();
                R.log.extend();
                bool look = now - looked >= often_ns;
                // Code outside of every module (trampolines) keeps asking; the loader's counters answer that cheaply.
                if (R.modules_stale.exchange(false) || look) write_modules(R.modules.refresh());
                drain_kernel();
                if (R.clock.mode() == ClockMode::Timer) R.clock.follow_threads(R.helper_tid);
                learn_stacks();
                if (look) {
                    follow_threads();
                    if (R.clock.mode() != ClockMode::None) recorder_keep_signal();
                    if (!R.clock.intact()) R.clock.set_rate(R.clock.rate(), switch_period, R.helper_tid);
                    looked = now;
                }
                if (now - governed >= seldom_ns) govern(), governed = now;
            }
            pause(R.clock.mode() == ClockMode::Timer ? 5'000'000 : 20'000'000);
        }
        follow_threads();
    }

private:
    static void pause(uint64_t ns) {
        uint64_t until = monotonic_ns() + ns;
        timespec t{time_t(until / 1'000'000'000), long(until % 1'000'000'000)};
        sem_clockwait(&R.helper_wake, CLOCK_MONOTONIC, &t);
    }

    /// Names of threads that appeared, blocks of threads that ended.
    void follow_threads() {
        auto alive = list_threads(getpid());
        std::sort(alive.begin(), alive.end());
        for (auto it = names.begin(); it != names.end();)
            it = std::binary_search(alive.begin(), alive.end(), it->first) ? std::next(it) : names.erase(it);
        for (pid_t t : alive) {
            if (t == R.helper_tid) continue;
            std::ifstream f("/proc/self/task/" + std::to_string(t) + "/comm");
            std::string name;
            if (!std::getline(f, name) || names[t] == name) continue;
            names[t] = name;
            note("{\"kind\":\"thread\",\"tid\":" + std::to_string(t) + ",\"comm\":" + json_text(name) + "}");
        }
        R.threads.each([&](Thread& t) {
            if (!std::binary_search(alive.begin(), alive.end(), t.tid.load())) t.tid.store(0);
        });
    }

    /// Holds --max-overhead: compares the cost of the samples since the last look with the CPU time used meanwhile.
    void govern() {
        if (R.clock.mode() == ClockMode::None) return;
        uint64_t cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID), now = monotonic_ns();
        auto& c = R.log.counters();
        uint64_t samples = c.samples, handler = c.handler_ns, switches = c.switches;
        double used = double(cpu - last_cpu), seconds = double(now - last_time) * 1e-9;
        if (last_time && used > 0) {
            // A switch event on every switch would cost a program that switches all the time more than the clock does.
            double per_second = double(switches - last_switches) / seconds;
            uint32_t period = switch_period;
            double most = R.options.max_overhead > 0 ? 500 : 2000;
            if (per_second > most) period = std::min<uint32_t>(1000, uint32_t(period * per_second / (most / 2)) + 1);
            else if (period > 1 && per_second * 8 < most) period = std::max<uint32_t>(1, period / 2);
            uint32_t rate = R.clock.rate();
            if (R.options.max_overhead > 0) {
                constexpr double interrupt_ns = 9000;  // what the kernel's part of a sample costs, from measurements
                double cost = (double(handler - last_handler) + interrupt_ns * double(samples - last_samples)) / used;
                if (cost > R.options.max_overhead) rate = std::max(10u, uint32_t(rate * R.options.max_overhead / cost * 0.9));
                else if (cost < R.options.max_overhead * 0.6 && rate < R.options.rate_hz) rate = std::min(R.options.rate_hz, rate + rate / 4 + 1);
            }
            if (rate != R.clock.rate() || (period != switch_period && R.clock.sees_waits())) {
                R.clock.set_rate(rate, period, R.helper_tid);
                switch_period = period;
                note("{\"kind\":\"rate\",\"monotonic_ns\":" + std::to_string(now) + ",\"hz\":" + std::to_string(rate) +
                     ",\"switch_period\":" + std::to_string(period) + "}");
            }
        }
        last_cpu = cpu, last_time = now, last_samples = samples, last_handler = handler, last_switches = switches;
    }

    std::unordered_map<pid_t, std::string> names;
    uint64_t last_cpu = 0, last_time = 0, last_samples = 0, last_handler = 0, last_switches = 0;
    uint32_t switch_period = 1;
};

void start_helper() {
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    sem_init(&R.helper_wake, 0, 0);
    R.helper_stop = false;
    R.helper_tid = 0;
    R.helper = std::thread([] { Helper().run(); });
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    while (!R.helper_tid) sched_yield();
}

// -------------------------------------------------------------------------------------------------------------- start and stop

int on_code_event(PyCodeEvent event, PyCodeObject* code) {
    if (event == PY_CODE_EVENT_DESTROY && R.active) {
        R.codes.forget(uintptr_t(code));
        R.code_generation.fetch_add(1, std::memory_order_relaxed);
    }
    return 0;
}

void before_fork() { R.helper_mutex.lock(); R.notes_mutex.lock(); }
void after_fork_in_parent() { R.notes_mutex.unlock(); R.helper_mutex.unlock(); }
void after_fork_in_child() {
    R.notes_mutex.unlock();
    R.helper_mutex.unlock();
    if (!R.active) return;
    R.active = false;
    R.inside = 0;
    if (R.compiled) R.compiled->readers = nullptr;  // the compiler notices when it next changes something
    R.compiled = nullptr;
    set_compiled_channel(nullptr);
    R.clock.abandon();
    R.log.abandon();
    R.threads.reset();
    // The helper does not exist here: its handle is dropped without joining.
    new (&R.helper) std::thread;
}

void once() {
    static bool done = false;
    if (done) return;
    done = true;
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    PyCode_AddWatcher(on_code_event);
}

/// What threads are doing when recording ends: a wait that lasts until then has no event of its own.
void write_final_samples() {
    Thread* mine = R.threads.mine(&R.log);
    if (!mine) return;
    uint64_t now = monotonic_ns();
    PyThreadState* own = PyThreadState_Get();
    auto* interpreter = PyThreadState_GetInterpreter(own);
    for (PyThreadState* s = PyInterpreterState_ThreadHead(interpreter); s; s = PyThreadState_Next(s)) {
        auto tid = pid_t(s->native_thread_id);
        if (s == own || !tid) continue;
        timespec t;
        if (clock_gettime(cpu_clock_of(tid), &t)) continue;
        python::walk(s, mine->python);
        mine->native.count = 0, mine->native.complete = true, mine->native.truncated = false;
        merge(mine->native, &mine->python, mine->merged);
        uint16_t flags = kPythonOnly | kFinal;
        uint32_t node = intern_stack(*mine, mine->merged, &flags);
        Writer own_writer = mine->writer;  // the record belongs into a chunk of that thread
        mine->writer.bind(&R.log, uint32_t(tid));
        write_sample(*mine, flags, now, uint64_t(t.tv_sec) * 1'000'000'000u + uint64_t(t.tv_nsec), node, SampleState::Blocked);
        mine->writer = own_writer;
    }
}

}  // namespace

uint32_t recorder_stack_here() {
    Thread* t = R.active ? R.threads.mine(&R.log) : nullptr;
    if (!t) return NodeTable::kNone;
    t->native.count = 0, t->native.complete = true, t->native.truncated = false;
    PyThreadState* state = PyGILState_GetThisThreadState();
    // A thread without the GIL (the raw domain) has frames that stand still as well: only it runs them.
    if (state) python::walk(state, t->python);
    merge(t->native, state ? &t->python : nullptr, t->merged);
    uint16_t flags = 0;
    return intern_stack(*t, t->merged, &flags);
}

Writer* recorder_writer() {
    Thread* t = R.active ? R.threads.mine(&R.log) : nullptr;
    return t ? &t->writer : nullptr;
}

void recorder_bare(bool bare) { R.bare = bare; }

void recorder_pause(bool hold) {
    std::lock_guard lock(R.helper_mutex);
    if (R.active) R.clock.pause(hold);
}

void recorder_use_compiled(od_compiled_channel* channel) {
    static_assert(sizeof R.inside == sizeof(int) && std::atomic<int>::is_always_lock_free);
    if (!R.active || channel->version != OD_COMPILED_VERSION) return;
    R.compiled = channel;
    channel->readers = reinterpret_cast<const int*>(&R.inside);
    channel->refresh();
    set_compiled_channel(channel);
}

bool recorder_active() { return R.active; }
const char* recorder_clock() { return name_of(R.clock.mode()); }
bool recorder_sees_waits() { return R.clock.sees_waits(); }
bool recorder_note(const std::string& json) { return R.active && note(json); }

void recorder_set_plain_disposition(bool ignore) {
    R.before = {};
    R.before.sa_handler = ignore ? SIG_IGN : SIG_DFL;
}

void recorder_keep_signal() {
    struct sigaction now{};
    sigaction(SIGTRAP, nullptr, &now);
    if (now.sa_sigaction == on_signal && now.sa_flags & SA_SIGINFO) return;
    install_handler(SIGTRAP, &R.before);
}

RecorderCounters recorder_counters() {
    if (!R.active) return {};
    auto& c = R.log.counters();
    return {c.samples, c.lost, c.unmerged, c.truncated, c.native_cut, c.no_python, c.handler_ns, c.switches, c.disk_full};
}

std::string recorder_start(const RecorderOptions& options) {
    if (R.active) return "a recording is already running in this process";
    const char* why = nullptr;
    if (!python::supported(&why)) return why;
    once();
    R.options = options;
    if (!R.nodes.create() || !R.codes.create()) return "no memory for the profiler's tables";
    R.nodes.clear();
    R.codes.clear();
    R.code_generation.fetch_add(1);  // what threads remember of a recording before is no longer true
    R.threads.reset();
    if (auto error = R.log.open(options.path, options.max_bytes); !error.empty()) return error;
    R.notes.bind(&R.log, 0);
    note(options.info);
    R.modules.refresh();
    std::vector<const Module*> known;
    for (auto& m : R.modules.all()) known.push_back(m.get());
    write_modules(known);
    python::prepare();
    python::gil_range(&R.gil_low, &R.gil_high);
    start_helper();  // before the clock, so that it has no event of its own
    R.bare = false;
    R.active = true;
    if (!options.clock) return {};
    recorder_keep_signal();
    install_handler(Clock::timer_signal(), nullptr);
    ClockOptions clock;
    clock.rate_hz = options.rate_hz;
    clock.waits = options.waits;
    clock.kernel = options.kernel;
    clock.force_timer = options.force_timer;
    clock.force_user = options.force_user;
    std::string error;
    bool started;
    {
        std::lock_guard lock(R.helper_mutex);
        started = R.clock.start(clock, R.helper_tid, &error);
    }
    if (!started) {
        recorder_stop();
        return error;
    }
    note(std::string("{\"kind\":\"clock\",\"mode\":\"") + recorder_clock() + "\",\"waits\":" + (recorder_sees_waits() ? "true" : "false") +
         ",\"kernel\":" + (R.clock.sees_kernel() ? "true" : "false") + ",\"hz\":" + std::to_string(options.rate_hz) + "}");
    return {};
}

void recorder_stop() {
    if (!R.active) return;
    memory_stop();
    Py_BEGIN_ALLOW_THREADS
    {
        std::lock_guard lock(R.helper_mutex);
        R.clock.pause(true);
        drain_kernel();
        R.clock.stop();
        R.helper_stop = true;
    }
    sem_post(&R.helper_wake);
    R.helper.join();
    Py_END_ALLOW_THREADS
    if (R.options.clock) write_final_samples();
    R.active = false;
    while (R.inside.load()) sched_yield();
    if (R.compiled) {
        set_compiled_channel(nullptr);
        R.compiled->readers = nullptr;
        R.compiled->refresh();
        R.compiled = nullptr;
    }
    R.log.counters().stopped = 1;
    R.log.close();
}

}  // namespace od::profile

// See walk.hpp. Each step asks the table of the module that the address lies in for the caller's frame, and checks that the
// answer moves towards the root of the stack: a wrong table must end the walk, not send it round in circles.
#include "walk.hpp"

#include "base.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <sys/uio.h>

namespace od::profile {

bool read_memory(uintptr_t from, void* to, size_t bytes) {
    iovec local{to, bytes}, remote{reinterpret_cast<void*>(from), bytes};
    return syscall(SYS_process_vm_readv, getpid(), &local, 1, &remote, 1, 0) == ssize_t(bytes);
}

void RowCache::fill(Entry& e, const Snapshot& snapshot, uintptr_t pc) {
    misses++;
    e = {pc, nullptr, make_rule(Cfa::None), snapshot.generation};
    const CodeRange* range = snapshot.find(pc);
    if (!range) return;
    e.module = range->module;
    e.rule = range->module->rule_at(uint32_t(pc - range->module->load_address));
}

namespace {

std::atomic<const od_compiled_channel*> compiled_channel{nullptr};

const od_compiled_region* find_compiled(uintptr_t pc) {
    auto* channel = compiled_channel.load(std::memory_order_relaxed);
    const od_compiled_table* table = channel ? __atomic_load_n(&channel->table, __ATOMIC_ACQUIRE) : nullptr;
    if (!table) return nullptr;
    auto *first = table->regions, *end = first + table->region_count;
    auto* after = std::upper_bound(first, end, pc, [](uintptr_t p, const od_compiled_region& r) { return p < r.low; });
    return after != first && pc < after[-1].high ? &after[-1] : nullptr;
}

/// Where the caller's frame is, seen from compiled code.
uint32_t compiled_rule(const od_compiled_region& region, uintptr_t pc) {
    auto offset = uint32_t(pc - region.low);
    auto *first = region.stack, *end = first + region.stack_count;
    auto* after = std::upper_bound(first, end, offset, [](uint32_t o, const od_compiled_stack& r) { return o < r.offset; });
    uint32_t depth = after != first ? after[-1].depth : 0;
    return depth ? make_rule(Cfa::Rsp, kRbpKept, int32_t(depth)) : make_rule(Cfa::Rbp, 2, 16);
}

/// Stack memory. Inside the thread's own stack it is read directly; a coroutine's or a signal's stack is read through the
/// kernel, in pieces, since nobody says where it ends.
class StackMemory {
public:
    StackMemory(const StackBounds& known, uintptr_t sp) : bounds(known), own(sp >= known.low && sp < known.high) {
        // A register that has just been restored is still described where it was saved, right below the stack pointer.
        constexpr uintptr_t below = 256;
        if (!own) bounds = {sp - below, sp + (8u << 20)};
    }
    bool contains(uintptr_t address) const { return address >= bounds.low && address + 8 <= bounds.high; }
    bool word(uintptr_t address, uintptr_t* value) {
        if (address & 7 || !contains(address)) return false;
        if (own) {
            *value = *reinterpret_cast<const uintptr_t*>(address);
            return true;
        }
        if (address < piece_at || address + 8 > piece_at + piece_bytes) {
            piece_at = address & ~uintptr_t(sizeof piece - 1);
            piece_bytes = read_memory(piece_at, piece, sizeof piece) ? sizeof piece : 0;
            if (!piece_bytes) return piece_at = 0, false;
        }
        memcpy(value, piece + (address - piece_at), sizeof *value);
        return true;
    }
    StackBounds bounds;

private:
    bool own;
    uintptr_t piece_at = 0;
    size_t piece_bytes = 0;
    char piece[512];
};

/// Does a call instruction end right before `pc`?
bool follows_call(uintptr_t pc, bool mapped_now) {
    uint8_t b[7];
    if (mapped_now) memcpy(b, reinterpret_cast<const void*>(pc - 7), sizeof b);
    else if (!read_memory(pc - 7, b, sizeof b)) return false;
    return b[2] == 0xe8 || b[5] == 0xff || b[4] == 0xff || b[1] == 0xff || b[0] == 0xff;
}


/// Code without tables (hand-written assembly, trampolines): the nearest word that is a return address into code with tables.
/// Assembly that aligns its stack keeps the old one in a register, so those are tried too for the innermost frame.
bool scan_for_caller(const Snapshot& snapshot, RowCache& cache, StackMemory& memory, uintptr_t sp, const greg_t* registers, uintptr_t* slot) {
    static constexpr int kKeepers[] = {REG_RBX, REG_RBP, REG_R12, REG_R13, REG_R14, REG_R15};
    auto search = [&](uintptr_t from, size_t bytes) {
        from = align_up(from, 8);
        for (uintptr_t at = from; at < from + bytes; at += 8) {
            uintptr_t value;
            if (!memory.word(at, &value)) return false;
            if (!snapshot.find(value) || !snapshot.find(value - 8) || !follows_call(value, false)) continue;
            if (rule_kind(cache.look(snapshot, value - 1).rule) == Cfa::None) continue;
            *slot = at;
            return true;
        }
        return false;
    };
    if (search(sp, 4096)) return true;  // the resolver saves all vector registers below its caller
    if (registers)
        for (int r : kKeepers) {
            auto value = uintptr_t(registers[r]);
            if (value > sp && memory.contains(value) && search(value, 256)) return true;
        }
    return false;
}

}  // namespace

void set_compiled_channel(const od_compiled_channel* channel) { compiled_channel = channel; }

const od_compiled_row* compiled_row(const od_compiled_region& region, uintptr_t pc) {
    auto offset = uint32_t(pc - region.low);
    auto *first = region.rows, *end = first + region.row_count;
    auto* after = std::upper_bound(first, end, offset, [](uint32_t o, const od_compiled_row& r) { return o < r.offset; });
    return after != first ? &after[-1] : nullptr;
}

void walk_native(const ucontext_t& context, const Snapshot& snapshot, const StackBounds& known, RowCache& cache, NativeStack& out) {
    const greg_t* g = context.uc_mcontext.gregs;
    uintptr_t pc = uintptr_t(g[REG_RIP]), sp = uintptr_t(g[REG_RSP]), bp = uintptr_t(g[REG_RBP]), r10 = uintptr_t(g[REG_R10]);
    StackMemory memory(known, sp);
    bool exact = true;  // pc is where the thread was, not a return address
    int scans = 0;
    out.count = 0;
    out.complete = out.truncated = out.unknown_module = false;
    uintptr_t start = sp;
    while (true) {
        if (out.count == kMaxNative) {
            out.truncated = true;
            return;
        }
        const RowCache::Entry& e = cache.look(snapshot, exact ? pc : pc - 1);
        uint32_t rule = e.rule;
        const od_compiled_region* compiled = nullptr;
        if (!e.module) {
            compiled = find_compiled(exact ? pc : pc - 1);
            if (compiled) rule = compiled_rule(*compiled, exact ? pc : pc - 1);
            else out.unknown_module = true;
        }
        NativeFrame& frame = out.frames[out.count++];
        frame = {pc, sp, sp, e.module, compiled};
        int32_t offset = rule_offset(rule);
        uintptr_t cfa = 0;
        switch (rule_kind(rule)) {
            case Cfa::Rsp: cfa = sp + offset; break;
            case Cfa::Rbp: cfa = bp + offset; break;
            case Cfa::Plt: cfa = sp + 8 + ((pc & 15) >= 11 ? 8 : 0); break;
            case Cfa::RbpDeref: if (!memory.word(bp + offset, &cfa)) return; break;
            case Cfa::R10: if (!exact) return; cfa = r10 + offset; break;
            case Cfa::Root: out.complete = true; return;
            case Cfa::Signal: {
                uintptr_t registers = sp + offsetof(ucontext_t, uc_mcontext.gregs), next = 0;
                if (!memory.word(registers + 8 * REG_RIP, &pc) || !memory.word(registers + 8 * REG_RBP, &bp) || !memory.word(registers + 8 * REG_RSP, &next)) return;
                frame.cfa = next > sp ? next : sp;
                // The handler may have run on a stack of its own; from here on it is the interrupted one's.
                start = sp = next;
                memory = StackMemory(known, sp);
                exact = true;
                continue;
            }
            case Cfa::Unknown:  // such as the loader's resolver, whose frame hangs on rbx
            case Cfa::None: {
                uintptr_t slot;
                if (scans++ >= 4 || !scan_for_caller(snapshot, cache, memory, sp, exact ? g : nullptr, &slot)) return;
                cfa = slot + 8;
                rule = make_rule(Cfa::None);
                break;
            }
        }
        if (cfa <= sp || cfa < start || !memory.contains(cfa - 8)) return;
        frame.cfa = cfa;
        uint32_t slot = rule_rbp_slot(rule);
        if (slot == kRbpAtRbp) {
            if (!memory.word(bp, &bp)) return;
        } else if (slot != kRbpKept && !memory.word(cfa - 8 * slot, &bp)) return;
        if (!memory.word(cfa - 8, &pc)) return;
        if (!pc) {  // a stack whose first caller is nobody
            out.complete = true;
            return;
        }
        sp = cfa;
        exact = false;
    }
}

}  // namespace od::profile

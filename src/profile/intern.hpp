// Stacks as paths in a tree: each (parent, frame) pair gets one 32-bit node, so that a sample is one number.
//
// The table is shared by all threads and used inside handlers: it never locks, never grows and never moves. Two threads that
// insert the same pair at the same moment may both succeed; the reader treats such twins alike.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <sys/mman.h>

namespace od::profile {

/// Nodes live in levels of growing size, the first ones small: a program with few stacks touches few pages, and a page fault in
/// the handler costs more than everything else in it.
class NodeTable {
public:
    static constexpr uint32_t kRoot = 0, kNone = 0xffffffff;

    bool create() {
        if (slots) return true;
        void* m = mmap(nullptr, sizeof(Slot) * kSlots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (m == MAP_FAILED) return false;
        slots = static_cast<Slot*>(m);
        return true;
    }
    void clear() {
        if (slots) madvise(slots, sizeof(Slot) * kSlots, MADV_DONTNEED);
    }

    /// The node of `frame` under `parent`; `fresh` says that the caller must write it down. kNone: the table is full.
    uint32_t node(uint32_t parent, uint64_t frame, bool* fresh) {
        *fresh = false;
        uint64_t hash = (frame ^ uint64_t(parent) * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
        uint32_t base = 0;
        for (uint32_t level = 0; level < kLevels; base += kFirst << level * kGrowth, level++) {
            uint32_t mask = (kFirst << level * kGrowth) - 1;
            for (uint32_t probe = 0; probe < kProbes; probe++) {
                uint32_t i = base + ((uint32_t(hash) + probe) & mask);
                if (i == kRoot) continue;
                Slot& s = slots[i];
                uint32_t state = s.state.load(std::memory_order_acquire);
                if (state == kReady) {
                    if (s.frame == frame && s.parent == parent) return i;
                    continue;
                }
                // A slot that another thread claims this moment may become this very node: then there are two, which is allowed.
                if (state == kClaimed || !s.state.compare_exchange_strong(state, kClaimed, std::memory_order_acquire)) continue;
                s.frame = frame;
                s.parent = parent;
                s.state.store(kReady, std::memory_order_release);
                *fresh = true;
                return i;
            }
        }
        return kNone;
    }

private:
    static constexpr uint32_t kFirst = 1 << 13, kGrowth = 2, kLevels = 5, kProbes = 12;  // 8 Ki, 32 Ki, 128 Ki, 512 Ki, 2 Mi slots
    static constexpr uint32_t kSlots = kFirst * (1 + 4 + 16 + 64 + 256);
    enum : uint32_t { kEmpty, kClaimed, kReady };
    struct Slot {
        uint64_t frame;
        uint32_t parent;
        std::atomic<uint32_t> state;
    };
    Slot* slots = nullptr;
};

/// Code objects seen so far, by address. An address that is used again for another code object gets a new id: the fingerprint
/// tells them apart even where the destruction was not seen.
class CodeTable {
public:
    static constexpr uint32_t kSlots = 1 << 17, kNone = 0xffffffff;

    bool create() {
        if (slots) return true;
        void* m = mmap(nullptr, sizeof(Slot) * kSlots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (m == MAP_FAILED) return false;
        slots = static_cast<Slot*>(m);
        return true;
    }
    void clear() {
        if (slots) madvise(slots, sizeof(Slot) * kSlots, MADV_DONTNEED);
        next_id = 0;
    }

    /// The id of the code object at `address`; `fresh` says that the caller must write it down. kNone: the table is full.
    uint32_t code(uintptr_t address, uint64_t fingerprint, bool* fresh) {
        *fresh = false;
        uint32_t i = uint32_t((address >> 4) * 0x9e3779b97f4a7c15u >> 44) & (kSlots - 1);
        for (uint32_t probe = 0; probe < 64; probe++, i = (i + 1) & (kSlots - 1)) {
            Slot& s = slots[i];
            uintptr_t owner = s.address.load(std::memory_order_acquire);
            if (owner == address) {
                uint64_t have = s.fingerprint.load(std::memory_order_acquire);
                if (have == fingerprint) return s.id;
                if (!have) continue;  // another thread is filling it
                s.id = next_id.fetch_add(1);
                s.fingerprint.store(fingerprint, std::memory_order_release);
                *fresh = true;
                return s.id;
            }
            if (owner) continue;
            if (!s.address.compare_exchange_strong(owner, address)) {
                if (owner == address) i = (i - 1) & (kSlots - 1);
                continue;
            }
            uint32_t id = s.id = next_id.fetch_add(1);
            s.fingerprint.store(fingerprint, std::memory_order_release);
            *fresh = true;
            return id;
        }
        return kNone;
    }

    /// The code object at `address` is about to be freed: the next one there is another.
    void forget(uintptr_t address) {
        uint32_t i = uint32_t((address >> 4) * 0x9e3779b97f4a7c15u >> 44) & (kSlots - 1);
        for (uint32_t probe = 0; probe < 64; probe++, i = (i + 1) & (kSlots - 1)) {
            uintptr_t owner = slots[i].address.load(std::memory_order_acquire);
            if (!owner) return;
            if (owner == address) slots[i].fingerprint.store(~uint64_t(0), std::memory_order_release);
        }
    }

private:
    struct Slot {
        std::atomic<uintptr_t> address;
        std::atomic<uint64_t> fingerprint;
        uint32_t id;
    };
    Slot* slots = nullptr;
    std::atomic<uint32_t> next_id{0};
};

}  // namespace od::profile

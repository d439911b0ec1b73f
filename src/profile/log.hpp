// The writing side of the record file: a shared mapping that a helper thread extends ahead of the writers.
//
// A handler takes a chunk by moving one atomic position and then owns it, so it writes without a lock and never waits. Disk
// blocks are allocated before memory is handed out: a page without one would be SIGBUS inside the handler on a full disk.
#pragma once
#include "format.hpp"

#include <atomic>
#include <cstring>
#include <string>

namespace od::profile {

class Log {
public:
    /// Creates the file. Returns an empty string, or why it could not, as the system says it.
    std::string open(const std::string& path, uint64_t max_bytes);
    /// Called often by the helper thread: keeps room ahead of the writers. False once the file cannot grow.
    bool extend();
    void close();
    /// In a forked child: lets go of the parent's file without touching it.
    void abandon();

    FileHeader* header() { return reinterpret_cast<FileHeader*>(base); }
    LiveCounters& counters() { return header()->counters; }
    bool is_open() const { return base != nullptr; }
    /// True when less than half of the room ahead is left.
    bool hungry() const;

    /// A chunk of at least `bytes`, or null when none is ready.
    char* take_chunk(size_t bytes, size_t* got);

private:
    char* base = nullptr;
    uint64_t reserved = 0;              // bytes of address space
    std::atomic<uint64_t> position{0};  // next free byte
    std::atomic<uint64_t> ready{0};     // bytes that are mapped and have disk blocks
    // No descriptor is kept: programs that become daemons close all they find, and ours might then be a file of theirs.
    std::string path;
    uint64_t inode = 0;
    bool full = false;
};

/// Appends records to chunks of its own. One writer belongs to one thread at a time.
class Writer {
public:
    void bind(Log* to, uint32_t thread) { log = to, tid = thread, at = end = nullptr; }

    /// Room for a record of `bytes` (a multiple of 8); null when there is none. Nothing is visible to readers until commit.
    char* reserve(size_t bytes) {
        if (size_t(end - at) < bytes + sizeof(RecordHeader) && !next_chunk(bytes)) return nullptr;
        return at;
    }
    /// Publishes the record at the reserved place; its header goes last.
    void commit(RecordType type, uint16_t flags, size_t bytes) {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        uint64_t word = uint64_t(type) | uint64_t(flags) << 16 | uint64_t(bytes) << 32;
        __atomic_store_n(reinterpret_cast<uint64_t*>(at), word, __ATOMIC_RELEASE);
        at += bytes;
    }

private:
    bool next_chunk(size_t bytes);

    Log* log = nullptr;
    uint32_t tid = 0;
    char *at = nullptr, *end = nullptr;
};

}  // namespace od::profile

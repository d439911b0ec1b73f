#include "log.hpp"

#include "base.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace od::profile {
namespace {
// The helper may be kept from running for a while on a busy machine; the room ahead must last until then.
constexpr uint64_t kFirstBytes = 4 << 20, kLeastBytes = 1 << 20, kMostAhead = 16 << 20;
}

std::string Log::open(const std::string& name, uint64_t max_bytes) {
    int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    auto failed = [&](const char* what, int error) {
        if (fd >= 0) ::close(fd);
        return std::string(what) + ": " + strerror(error);
    };
    char full_name[PATH_MAX];
    path = fd >= 0 && realpath(name.c_str(), full_name) ? full_name : name;  // the program may change its working directory
    struct stat st{};
    if (fd >= 0 && !fstat(fd, &st)) inode = st.st_ino;
    if (fd < 0) return failed(path.c_str(), errno);
    uint64_t first_bytes = kFirstBytes;
    int error = posix_fallocate(fd, 0, off_t(first_bytes));
    if (error) error = posix_fallocate(fd, 0, off_t(first_bytes = kLeastBytes));
    if (error) {
        unlink(path.c_str());
        return failed(path.c_str(), error);
    }
    // Address space only: programs under a limit of their own (RLIMIT_AS) get a shorter record rather than none.
    void* region = MAP_FAILED;
    for (reserved = align_up(max_bytes, kFirstBytes); reserved >= kFirstBytes; reserved /= 2) {
        region = mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (region != MAP_FAILED) break;
    }
    if (region == MAP_FAILED) return failed("no address space for the record", errno);
    void* first = mmap(region, first_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    if (first == MAP_FAILED) {
        error = errno;
        munmap(region, reserved);
        return failed("cannot map the record", error);
    }
    ::close(fd);
    base = static_cast<char*>(region);
    full = false;
    position = kHeaderBytes;  // the header has a chunk's place to itself
    ready = first_bytes;
    auto* h = header();
    memcpy(h->magic, kMagic, sizeof kMagic);
    h->version = kFormatVersion;
    h->header_bytes = kHeaderBytes;
    h->pid = uint32_t(getpid());
    h->start_monotonic_ns = monotonic_ns();
    h->start_realtime_ns = read_clock(CLOCK_REALTIME);
    h->counters.last_ns = h->start_monotonic_ns;
    return {};
}

bool Log::hungry() const {
    uint64_t used = position.load(std::memory_order_relaxed), have = ready.load(std::memory_order_relaxed);
    return have - used < std::min(std::max(used / 2, kFirstBytes), kMostAhead);
}

bool Log::extend() {
    if (full || !hungry()) return !full;
    int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct stat st{};
    // A file that was removed or replaced cannot grow any more.
    if (fd < 0 || fstat(fd, &st) || st.st_ino != inode) full = true;
    while (!full && hungry()) {
        uint64_t have = ready.load(std::memory_order_relaxed);
        uint64_t more = std::min({std::max(align_up(have / 2, kFirstBytes), size_t(kFirstBytes)), size_t(kMostAhead), size_t(reserved - have)});
        int error = more ? posix_fallocate(fd, off_t(have), off_t(more)) : ENOSPC;
        if (error && more > kLeastBytes) more = kLeastBytes, error = posix_fallocate(fd, off_t(have), off_t(more));
        if (error || mmap(base + have, more, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, off_t(have)) == MAP_FAILED) {
            full = true;
            break;
        }
        ready.store(have + more, std::memory_order_release);
    }
    if (full) counters().disk_full = 1;
    if (fd >= 0) ::close(fd);
    return !full;
}

void Log::close() {
    if (!base) return;
    munmap(base, reserved);
    // What was allocated ahead goes back; the mapping that needed it is gone.
    struct stat st{};
    if (!stat(path.c_str(), &st) && st.st_ino == inode && truncate(path.c_str(), off_t(std::min(position.load(), ready.load())))) {}
    base = nullptr;
}

void Log::abandon() {
    if (base) munmap(base, reserved);
    base = nullptr;
}

char* Log::take_chunk(size_t bytes, size_t* got) {
    bytes = align_up(bytes, kChunkBytes);
    uint64_t from = position.load(std::memory_order_relaxed);
    do {
        if (from + bytes > ready.load(std::memory_order_acquire)) return nullptr;
    } while (!position.compare_exchange_weak(from, from + bytes, std::memory_order_relaxed));
    *got = bytes;
    return base + from;
}

bool Writer::next_chunk(size_t bytes) {
    size_t got = 0;
    char* chunk = log->take_chunk(sizeof(ChunkHeader) + bytes + sizeof(RecordHeader), &got);
    if (!chunk) return false;
    auto* h = reinterpret_cast<ChunkHeader*>(chunk);
    h->bytes = uint32_t(got);
    h->tid = tid;
    h->part = 0;
    __atomic_store_n(&h->magic, kChunkMagic, __ATOMIC_RELEASE);
    at = chunk + sizeof *h;
    end = chunk + got;
    return true;
}

}  // namespace od::profile

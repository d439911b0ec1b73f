// Reading a perf ring: records in order, whole even where the ring wraps.
#pragma once
#include <cstdint>
#include <cstring>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

namespace od::profile {

class Ring {
public:
    /// Maps the ring of event `fd`; pages: a power of two. False when the kernel refuses (see errno).
    bool map(int fd, size_t pages) {
        void* m = mmap(nullptr, 4096 * (1 + pages), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (m == MAP_FAILED) return false;
        page = static_cast<perf_event_mmap_page*>(m);
        bytes = 4096 * pages;
        return true;
    }
    void unmap() {
        if (page) munmap(page, bytes + 4096);
        page = nullptr;
    }
    explicit operator bool() const { return page; }

    /// Calls visit(header, payload) for each record; payload is only valid during the call.
    template <class F> void drain(F visit) {
        uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
        auto* data = reinterpret_cast<const char*>(page) + 4096;
        char record[4096];
        while (tail < head) {
            auto copy = [&](char* to, uint64_t from, size_t n) {
                size_t at = from % bytes, first = n < bytes - at ? n : bytes - at;
                memcpy(to, data + at, first);
                memcpy(to + first, data, n - first);
            };
            perf_event_header h;
            copy(reinterpret_cast<char*>(&h), tail, sizeof h);
            if (h.size < sizeof h) break;
            if (h.size <= sizeof record) {
                copy(record, tail, h.size);
                visit(h, record + sizeof h);
            }
            tail += h.size;
        }
        __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
    }

private:
    perf_event_mmap_page* page = nullptr;
    size_t bytes = 0;
};

}  // namespace od::profile

// What is mapped where: every loaded object with its unwind table, as an immutable snapshot that a handler reads without a lock.
#pragma once
#include "eh_frame.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace od::profile {

/// A loaded object. Never freed while recording: a handler may still look at it after dlclose.
struct Module {
    uint32_t id = 0;
    uintptr_t load_address = 0;  // what dl_iterate_phdr calls dlpi_addr
    std::string path;            // empty only for objects without a name
    std::string build_id;        // hexadecimal; empty when the object has none
    uint64_t size = 0;           // bytes from load_address to the last mapped one
    bool greenlet = false;       // its frames are where a greenlet's own stack ends
    std::vector<Row> rows;
    std::vector<uint32_t> blocks;  // for each block of code: the first row after its start; a search over all rows misses the cache

    static constexpr uint32_t kBlockShift = 8;
    void index_rows() {
        uint32_t last = rows.empty() ? 0 : rows.back().pc >> kBlockShift;
        blocks.reserve(last + 2);
        for (uint32_t block = 0, row = 0; block <= last + 1; block++) {
            while (row < rows.size() && rows[row].pc <= block << kBlockShift) row++;
            blocks.push_back(row);
        }
    }
    /// The rule for an offset from the load address.
    uint32_t rule_at(uint32_t offset) const {
        uint32_t block = offset >> kBlockShift;
        if (blocks.size() < 2) return make_rule(Cfa::None);
        uint32_t row = block + 1 < blocks.size() ? blocks[block] : uint32_t(rows.size()), end = block + 1 < blocks.size() ? blocks[block + 1] : row;
        while (row < end && rows[row].pc <= offset) row++;
        return row ? rows[row - 1].rule : make_rule(Cfa::None);
    }
};

/// One executable stretch of a module, sorted by address in a snapshot.
struct CodeRange {
    uintptr_t low, high;
    const Module* module;
};

struct Snapshot {
    uint32_t generation;
    size_t count;
    const CodeRange* ranges;

    const CodeRange* find(uintptr_t pc) const {
        size_t lo = 0, hi = count;
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (ranges[mid].high <= pc) lo = mid + 1;
            else hi = mid;
        }
        return lo < count && ranges[lo].low <= pc ? &ranges[lo] : nullptr;
    }
};

/// Owned by the recorder; `refresh` runs on one thread at a time, `current` anywhere.
class Modules {
public:
    /// Looks at the loaded objects and publishes a new snapshot if any came or went. Returns the modules not seen before.
    std::vector<const Module*> refresh();
    const Snapshot* current() const { return snapshot.load(std::memory_order_acquire); }
    const std::vector<std::unique_ptr<Module>>& all() const { return modules; }

private:
    std::atomic<const Snapshot*> snapshot{nullptr};
    std::vector<std::unique_ptr<Module>> modules;
    std::vector<std::unique_ptr<Snapshot>> snapshots;
    std::vector<std::unique_ptr<std::vector<CodeRange>>> range_lists;
    unsigned long long loads = 0, unloads = 0;
};

}  // namespace od::profile

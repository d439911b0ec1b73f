// See modules.hpp. Tables are compiled inside dl_iterate_phdr's callback: the loader's lock keeps the object from being unmapped.
#include "modules.hpp"

#include "base.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <link.h>

namespace od::profile {
namespace {

std::string build_id_of(const dl_phdr_info& info) {
    for (int k = 0; k < info.dlpi_phnum; k++) {
        const auto& header = info.dlpi_phdr[k];
        if (header.p_type != PT_NOTE) continue;
        auto* at = reinterpret_cast<const uint8_t*>(info.dlpi_addr + header.p_vaddr);
        auto* end = at + header.p_memsz;
        while (at + sizeof(ElfW(Nhdr)) <= end) {
            auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
            auto* name = at + sizeof *note;
            auto* data = name + align_up(note->n_namesz, 4);
            if (data + note->n_descsz > end) break;
            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(name, "GNU", 4)) {
                std::string hex;
                for (uint32_t i = 0; i < note->n_descsz; i++) {
                    hex += "0123456789abcdef"[data[i] >> 4];
                    hex += "0123456789abcdef"[data[i] & 15];
                }
                return hex;
            }
            at = data + align_up(note->n_descsz, 4);
        }
    }
    return {};
}

/// .eh_frame's address, which .eh_frame_hdr keeps in its first field (pc-relative, 4 bytes, in every linker's output).
const uint8_t* eh_frame_of(const dl_phdr_info& info) {
    for (int k = 0; k < info.dlpi_phnum; k++) {
        const auto& header = info.dlpi_phdr[k];
        if (header.p_type != PT_GNU_EH_FRAME) continue;
        auto* at = reinterpret_cast<const uint8_t*>(info.dlpi_addr + header.p_vaddr);
        constexpr uint8_t version = 1, pcrel_sdata4 = 0x1b;
        if (at[0] != version || at[1] != pcrel_sdata4) return nullptr;
        int32_t offset;
        memcpy(&offset, at + 4, sizeof offset);
        return at + 4 + offset;
    }
    return nullptr;
}

struct Scan {
    std::vector<std::unique_ptr<Module>>* known;
    std::vector<CodeRange> ranges;
    std::vector<const Module*> fresh;
};

int visit(dl_phdr_info* info, size_t, void* context) {
    auto& scan = *static_cast<Scan*>(context);
    std::string path = info->dlpi_name ? info->dlpi_name : "";
    if (path.empty() && scan.ranges.empty()) {
        char buffer[4096];
        ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
        if (n > 0) path.assign(buffer, size_t(n));
    }
    if (path.find('/') != std::string::npos && path[0] != '/') {
        // As the program named it; whoever reads the record later has another working directory.
        char full[PATH_MAX];
        if (realpath(path.c_str(), full)) path = full;
    }
    std::string build_id = build_id_of(*info);
    const Module* module = nullptr;
    for (auto& m : *scan.known)
        if (m->load_address == info->dlpi_addr && m->path == path && m->build_id == build_id) module = m.get();
    if (!module) {
        auto m = std::make_unique<Module>();
        m->id = uint32_t(scan.known->size());
        m->load_address = info->dlpi_addr;
        m->path = path;
        m->build_id = build_id;
        m->greenlet = path.find("_greenlet") != std::string::npos;
        for (int k = 0; k < info->dlpi_phnum; k++)
            if (auto& h = info->dlpi_phdr[k]; h.p_type == PT_LOAD) m->size = std::max<uint64_t>(m->size, h.p_vaddr + h.p_memsz);
        if (auto* section = eh_frame_of(*info)) {
            m->rows = compile_eh_frame(section, info->dlpi_addr);
            m->index_rows();
        }
        module = m.get();
        scan.fresh.push_back(module);
        scan.known->push_back(std::move(m));
    }
    for (int k = 0; k < info->dlpi_phnum; k++)
        if (auto& h = info->dlpi_phdr[k]; h.p_type == PT_LOAD && h.p_flags & PF_X)
            scan.ranges.push_back({info->dlpi_addr + h.p_vaddr, info->dlpi_addr + h.p_vaddr + h.p_memsz, module});
    return 0;
}

int count(dl_phdr_info* info, size_t, void* context) {
    auto* c = static_cast<unsigned long long*>(context);
    c[0] = info->dlpi_adds, c[1] = info->dlpi_subs;
    return 1;
}

}  // namespace

std::vector<const Module*> Modules::refresh() {
    unsigned long long now[2] = {};
    dl_iterate_phdr(count, now);
    if (current() && now[0] == loads && now[1] == unloads) return {};
    Scan scan{&modules, {}, {}};
    dl_iterate_phdr(visit, &scan);
    loads = now[0], unloads = now[1];
    std::sort(scan.ranges.begin(), scan.ranges.end(), [](const CodeRange& a, const CodeRange& b) { return a.low < b.low; });
    auto list = std::make_unique<std::vector<CodeRange>>(std::move(scan.ranges));
    auto next = std::make_unique<Snapshot>(Snapshot{current() ? current()->generation + 1 : 1, list->size(), list->data()});
    snapshot.store(next.get(), std::memory_order_release);
    range_lists.push_back(std::move(list));
    snapshots.push_back(std::move(next));
    return scan.fresh;
}

}  // namespace od::profile

#include "symbols.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <string>
#include <type_traits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>
#ifdef OD_HAVE_LIBDW
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#endif

namespace od::profile {
namespace {

struct Symbol {
    uint64_t start, size, limit;  // limit: end of its section, for symbols without a size
    const char* name;
    uint8_t rank;  // of several names at one address the global one is the function's own
};

/// A file in memory; all accesses are checked against its size, since it may have been replaced or cut.
class ElfFile {
public:
    explicit ElfFile(const char* path) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return;
        struct stat st;
        if (!fstat(fd, &st) && st.st_size > off_t(sizeof(Elf64_Ehdr))) {
            void* m = mmap(nullptr, size_t(st.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
            if (m != MAP_FAILED) data = static_cast<const char*>(m), size = size_t(st.st_size);
        }
        close(fd);
        auto* h = at<Elf64_Ehdr>(0);
        if (!h || memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_shentsize != sizeof(Elf64_Shdr)) return;
        sections = at<Elf64_Shdr>(h->e_shoff, h->e_shnum);
        if (sections) section_count = h->e_shnum;
    }
    ~ElfFile() { if (data) munmap(const_cast<char*>(data), size); }

    template <class T> const T* at(uint64_t offset, uint64_t count = 1) const {
        return data && offset <= size && count <= (size - offset) / sizeof(T) ? reinterpret_cast<const T*>(data + offset) : nullptr;
    }

    std::string build_id() const {
        for (int i = 0; i < section_count; i++) {
            if (sections[i].sh_type != SHT_NOTE) continue;
            auto* n = at<Elf64_Nhdr>(sections[i].sh_offset);
            if (!n || n->n_type != NT_GNU_BUILD_ID) continue;
            uint64_t from = sections[i].sh_offset + sizeof *n + ((n->n_namesz + 3) & ~3u);
            auto* b = at<uint8_t>(from, n->n_descsz);
            std::string hex;
            for (uint32_t k = 0; b && k < n->n_descsz; k++) hex += "0123456789abcdef"[b[k] >> 4], hex += "0123456789abcdef"[b[k] & 15];
            return hex;
        }
        return {};
    }

    /// A symbol of any type: its entry, or null.
    const Elf64_Sym* find(const char* wanted) const {
        for (int i = 0; i < section_count; i++) {
            const auto& s = sections[i];
            if ((s.sh_type != SHT_SYMTAB && s.sh_type != SHT_DYNSYM) || s.sh_link >= unsigned(section_count)) continue;
            uint64_t count = s.sh_size / sizeof(Elf64_Sym);
            auto* symbols = at<Elf64_Sym>(s.sh_offset, count);
            const auto& strings = sections[s.sh_link];
            auto* names = at<char>(strings.sh_offset, strings.sh_size);
            if (!symbols || !names || !strings.sh_size || names[strings.sh_size - 1]) continue;
            for (uint64_t k = 0; k < count; k++)
                if (symbols[k].st_value && symbols[k].st_name < strings.sh_size && !strcmp(names + symbols[k].st_name, wanted)) return &symbols[k];
        }
        return nullptr;
    }

    int64_t file_offset(uint64_t address) const {
        for (int i = 0; i < section_count; i++)
            if (sections[i].sh_flags & SHF_ALLOC && sections[i].sh_type != SHT_NOBITS && address >= sections[i].sh_addr && address < sections[i].sh_addr + sections[i].sh_size)
                return int64_t(sections[i].sh_offset + (address - sections[i].sh_addr));
        return -1;
    }

    std::vector<Symbol> functions() const {
        std::vector<Symbol> out;
        for (int i = 0; i < section_count; i++) {
            const auto& s = sections[i];
            if ((s.sh_type != SHT_SYMTAB && s.sh_type != SHT_DYNSYM) || s.sh_link >= unsigned(section_count)) continue;
            uint64_t count = s.sh_size / sizeof(Elf64_Sym);
            auto* symbols = at<Elf64_Sym>(s.sh_offset, count);
            const auto& strings = sections[s.sh_link];
            auto* names = at<char>(strings.sh_offset, strings.sh_size);
            if (!symbols || !names || !strings.sh_size || names[strings.sh_size - 1]) continue;
            for (uint64_t k = 0; k < count; k++) {
                const auto& y = symbols[k];
                auto type = ELF64_ST_TYPE(y.st_info);
                if ((type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE) || !y.st_value || y.st_shndx == SHN_UNDEF || y.st_name >= strings.sh_size) continue;
                if (type == STT_NOTYPE && (y.st_shndx >= section_count || !(sections[y.st_shndx].sh_flags & SHF_EXECINSTR))) continue;
                if (!names[y.st_name]) continue;
                auto rank = uint8_t(ELF64_ST_BIND(y.st_info) == STB_GLOBAL ? 2 : ELF64_ST_BIND(y.st_info) == STB_WEAK ? 1 : 0);
                uint64_t limit = y.st_shndx < section_count ? sections[y.st_shndx].sh_addr + sections[y.st_shndx].sh_size : ~uint64_t(0);
                out.push_back({y.st_value, y.st_size, limit, names + y.st_name, uint8_t(type == STT_NOTYPE ? 0 : rank + 1)});
            }
        }
        std::sort(out.begin(), out.end(), [](const Symbol& a, const Symbol& b) { return a.start != b.start ? a.start < b.start : a.rank > b.rank; });
        return out;
    }

    /// The section that an address lies in, by name; null if none.
    const char* section_of(uint64_t address) const {
        auto* h = at<Elf64_Ehdr>(0);
        if (!h || h->e_shstrndx >= section_count) return nullptr;
        const auto& strings = sections[h->e_shstrndx];
        for (int i = 0; i < section_count; i++)
            if (sections[i].sh_flags & SHF_ALLOC && address >= sections[i].sh_addr && address < sections[i].sh_addr + sections[i].sh_size)
                return sections[i].sh_name < strings.sh_size ? at<char>(strings.sh_offset + sections[i].sh_name) : nullptr;
        return nullptr;
    }

    /// Where the function around `address` starts, from the sorted table of .eh_frame_hdr; 0 if there is none. It lets the
    /// samples of one function count together in libraries without symbols.
    uint64_t function_start(uint64_t address) const {
        for (int i = 0; i < section_count; i++) {
            const auto& s = sections[i];
            auto* b = at<uint8_t>(s.sh_offset, s.sh_size);
            constexpr uint8_t pcrel_sdata4 = 0x1b, udata4 = 0x03, datarel_sdata4 = 0x3b;
            if (s.sh_type == SHT_NOBITS || s.sh_size < 12 || !b || b[0] != 1 || b[1] != pcrel_sdata4 || b[2] != udata4 || b[3] != datarel_sdata4) continue;
            const char* name = section_of(s.sh_addr);
            if (!name || strcmp(name, ".eh_frame_hdr")) continue;
            uint32_t count;
            memcpy(&count, b + 8, sizeof count);
            if (count > (s.sh_size - 12) / 8) return 0;
            auto start = [&](uint32_t k) {
                int32_t v;
                memcpy(&v, b + 12 + 8 * uint64_t(k), sizeof v);
                return s.sh_addr + uint64_t(int64_t(v));
            };
            uint32_t low = 0, high = count;
            while (low < high) {
                uint32_t middle = (low + high) / 2;
                if (start(middle) <= address) low = middle + 1;
                else high = middle;
            }
            return low ? start(low - 1) : 0;
        }
        return 0;
    }

private:
    const char* data = nullptr;
    size_t size = 0;
    const Elf64_Shdr* sections = nullptr;
    int section_count = 0;
};

std::string demangle(const char* name) {
    int status = 0;
    char* plain = name[0] == '_' && name[1] == 'Z' ? abi::__cxa_demangle(name, nullptr, nullptr, &status) : nullptr;
    std::string out = plain ? plain : name;
    free(plain);
    return out;
}

#ifdef OD_HAVE_LIBDW
/// elfutils' libdw, looked up when it is first needed: Overdrive runs without it on machines that lack it.
class Libdw {
public:
    static const Libdw* get() {
        static const Libdw dw;
        return dw.usable ? &dw : nullptr;
    }

    void fill(const char* path, const std::vector<uint64_t>& addresses, PyObject* out) const {
        static char* debug_path = nullptr;
        const Dwfl_Callbacks callbacks = {find_elf, find_debuginfo, section_address, &debug_path};
        Dwfl* dwfl = begin(&callbacks);
        Dwfl_Module* module = dwfl ? report_offline(dwfl, path, path, -1) : nullptr;
        GElf_Addr bias = 0;
        if (module) report_end(dwfl, nullptr, nullptr);
        if (module && getdwarf(module, &bias))
            for (size_t i = 0; i < addresses.size(); i++) {
                Dwfl_Line* line = getsrc(module, addresses[i] + bias);
                int number = 0;
                const char* file = line ? lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr) : nullptr;
                if (!file || !number) continue;
                if (PyObject* item = Py_BuildValue("(si)", file, number)) {
                    Py_DECREF(PyList_GET_ITEM(out, Py_ssize_t(i)));
                    PyList_SET_ITEM(out, Py_ssize_t(i), item);
                } else PyErr_Clear();
            }
        if (dwfl) end(dwfl);
    }

private:
    Libdw() {
        void* library = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
        if (!library) return;
        usable = true;
        auto find = [&](auto& function, const char* name) {
            function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
            usable &= function != nullptr;
        };
        find(find_elf, "dwfl_build_id_find_elf");
        find(find_debuginfo, "dwfl_standard_find_debuginfo");
        find(section_address, "dwfl_offline_section_address");
        find(begin, "dwfl_begin");
        find(report_offline, "dwfl_report_offline");
        find(report_end, "dwfl_report_end");
        find(getdwarf, "dwfl_module_getdwarf");
        find(getsrc, "dwfl_module_getsrc");
        find(lineinfo, "dwfl_lineinfo");
        find(end, "dwfl_end");
    }

    bool usable = false;
    decltype(&dwfl_build_id_find_elf) find_elf = nullptr;
    decltype(&dwfl_standard_find_debuginfo) find_debuginfo = nullptr;
    decltype(&dwfl_offline_section_address) section_address = nullptr;
    decltype(&dwfl_begin) begin = nullptr;
    decltype(&dwfl_report_offline) report_offline = nullptr;
    decltype(&dwfl_report_end) report_end = nullptr;
    decltype(&dwfl_module_getdwarf) getdwarf = nullptr;
    decltype(&dwfl_module_getsrc) getsrc = nullptr;
    decltype(&dwfl_lineinfo) lineinfo = nullptr;
    decltype(&dwfl_end) end = nullptr;
};
#endif

bool read_addresses(PyObject* list, std::vector<uint64_t>& out) {
    Py_ssize_t n = PyList_Size(list);
    for (Py_ssize_t i = 0; i < n; i++) {
        out.push_back(PyLong_AsUnsignedLongLong(PyList_GET_ITEM(list, i)));
        if (PyErr_Occurred()) return false;
    }
    return n >= 0;
}

// A file's name as the system has it, whatever its bytes.
struct FileName {
    PyObject* bytes = nullptr;
    ~FileName() { Py_XDECREF(bytes); }
    operator const char*() const { return PyBytes_AS_STRING(bytes); }
};

}  // namespace

PyObject* read_symbols(PyObject*, PyObject* args) {
    FileName path;
    const char* build_id;
    PyObject* list;
    std::vector<uint64_t> addresses;
    if (!PyArg_ParseTuple(args, "O&sO!", PyUnicode_FSConverter, &path.bytes, &build_id, &PyList_Type, &list) || !read_addresses(list, addresses)) return nullptr;
    ElfFile file(path);
    std::vector<Symbol> symbols;
    std::string have = file.build_id();
    if (have.empty() || !*build_id || have == build_id) symbols = file.functions();
    PyObject* out = PyList_New(0);
    for (uint64_t a : addresses) {
        auto after = std::upper_bound(symbols.begin(), symbols.end(), a, [](uint64_t v, const Symbol& s) { return v < s.start; });
        PyObject* item = nullptr;
        for (int back = 0; after != symbols.begin() && back < 8 && !item; back++) {
            --after;
            while (after != symbols.begin() && after[-1].start == after->start) --after;  // the best name of this address
            bool inside = after->size ? a < after->start + after->size : a < after->limit && a - after->start < 65536;
            if (inside) item = Py_BuildValue("(sKK)", demangle(after->name).c_str(), after->start, after->size);
        }
        if (!item && !symbols.empty()) {
            const char* section = file.section_of(a);
            uint64_t start = section && !strncmp(section, ".plt", 4) ? 0 : file.function_start(a);
            char name[40];
            if (section && !strncmp(section, ".plt", 4)) item = Py_BuildValue("(sKK)", "PLT stub", a, uint64_t(0));
            else if (start) snprintf(name, sizeof name, "function at 0x%llx", static_cast<unsigned long long>(start)), item = Py_BuildValue("(sKK)", name, start, uint64_t(0));
        }
        if (!item) item = Py_NewRef(Py_None);
        if (PyErr_Occurred() || PyList_Append(out, item)) {
            Py_XDECREF(item);
            Py_CLEAR(out);
            break;
        }
        Py_DECREF(item);
    }
    return out;
}

PyObject* read_source_lines(PyObject*, PyObject* args) {
    FileName path;
    PyObject* list;
    std::vector<uint64_t> addresses;
    if (!PyArg_ParseTuple(args, "O&O!", PyUnicode_FSConverter, &path.bytes, &PyList_Type, &list) || !read_addresses(list, addresses)) return nullptr;
    PyObject* out = PyList_New(Py_ssize_t(addresses.size()));
    if (!out) return nullptr;
    for (size_t i = 0; i < addresses.size(); i++) PyList_SET_ITEM(out, Py_ssize_t(i), Py_NewRef(Py_None));
#ifdef OD_HAVE_LIBDW
    if (const Libdw* dw = Libdw::get()) dw->fill(path, addresses, out);
#endif
    return out;
}

PyObject* find_symbols(PyObject*, PyObject* args) {
    FileName path;
    PyObject* names;
    if (!PyArg_ParseTuple(args, "O&O!", PyUnicode_FSConverter, &path.bytes, &PyList_Type, &names)) return nullptr;
    ElfFile file(path);
    PyObject* out = PyDict_New();
    for (Py_ssize_t i = 0; out && i < PyList_GET_SIZE(names); i++) {
        const char* name = PyUnicode_AsUTF8(PyList_GET_ITEM(names, i));
        if (!name) return Py_DECREF(out), nullptr;
        const Elf64_Sym* s = file.find(name);
        if (!s) continue;
        PyObject* item = Py_BuildValue("(KKL)", static_cast<unsigned long long>(s->st_value), static_cast<unsigned long long>(s->st_size),
                                       static_cast<long long>(file.file_offset(s->st_value)));
        if (!item || PyDict_SetItemString(out, name, item)) Py_CLEAR(out);
        Py_XDECREF(item);
    }
    return out;
}

}  // namespace od::profile

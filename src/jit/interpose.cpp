// Some changes of the interpreter leave no trace that compiled code could see at no cost: another extension simply calls a
// function of CPython. Extensions reach such a function through a slot that the dynamic linker fills in, a slot an object;
// ours goes there instead. Who asks the linker by name (ctypes, dlsym) is not met.
#include "jit/interpose.h"
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#include <cstring>
#include <unordered_set>
#include <vector>

namespace od {
namespace {

struct Interposed {
  const char* symbol;
  void* ours;
};
std::vector<Interposed> all;
std::unordered_set<const void*> seen;            // dynamic sections
unsigned long long loads = 0, unloads = 0;       // the linker's counts at the last look

// The parts of a loaded object that bind its calls.
struct Object {
  const dl_phdr_info& info;
  const ElfW(Dyn)* dynamic = nullptr;
  uintptr_t sealedFrom = 0, sealedTo = 0;        // made read-only once bound (RELRO)
  bool mine = false;
  const char* strings = nullptr;
  const ElfW(Sym)* symbols = nullptr;

  explicit Object(const dl_phdr_info& i) : info(i) {
    for (int n = 0; n < info.dlpi_phnum; n++) {
      const ElfW(Phdr)& p = info.dlpi_phdr[n];
      const uintptr_t from = info.dlpi_addr + p.p_vaddr, to = from + p.p_memsz, here = reinterpret_cast<uintptr_t>(&all);
      if (p.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(from);
      if (p.p_type == PT_LOAD && here >= from && here < to) mine = true;
      if (p.p_type == PT_GNU_RELRO) sealedFrom = from, sealedTo = to;
    }
  }

  // The linker has relocated these addresses; the kernel's own object, which it may not write to, has offsets.
  uintptr_t address(ElfW(Sxword) tag) const {
    const uintptr_t a = value(tag);
    return a && a < info.dlpi_addr ? a + info.dlpi_addr : a;
  }
  uintptr_t value(ElfW(Sxword) tag) const {
    for (const ElfW(Dyn)* d = dynamic; d->d_tag != DT_NULL; d++)
      if (d->d_tag == tag) return d->d_un.d_val;
    return 0;
  }

  void put(uintptr_t slot, void* ours) const {
    const uintptr_t size = uintptr_t(sysconf(_SC_PAGESIZE)), page = slot & ~(size - 1);
    const bool sealed = slot >= sealedFrom && slot < sealedTo;
    if (sealed && mprotect(reinterpret_cast<void*>(page), size, PROT_READ | PROT_WRITE)) return;
    __atomic_store_n(reinterpret_cast<void**>(slot), ours, __ATOMIC_RELEASE);   // other threads may be calling
    if (sealed) mprotect(reinterpret_cast<void*>(page), size, PROT_READ);
  }

  void bind(const ElfW(Rela)* r, uintptr_t bytes) const {
    for (const ElfW(Rela)* end = r + bytes / sizeof *r; r < end; r++) {
      const auto type = ELF64_R_TYPE(r->r_info);
      if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64) continue;
      const char* name = strings + symbols[ELF64_R_SYM(r->r_info)].st_name;
      for (const Interposed& i : all)
        if (!strcmp(name, i.symbol)) put(info.dlpi_addr + r->r_offset, i.ours);
    }
  }

  void bindAll() {
    if (mine || !dynamic) return;
    strings = reinterpret_cast<const char*>(address(DT_STRTAB));
    symbols = reinterpret_cast<const ElfW(Sym)*>(address(DT_SYMTAB));
    if (!strings || !symbols) return;
    const auto* lazy = reinterpret_cast<const ElfW(Rela)*>(address(DT_JMPREL));
    const auto* early = reinterpret_cast<const ElfW(Rela)*>(address(DT_RELA));
    const uintptr_t relative = value(DT_RELACOUNT);   // these come first, name nothing and are many
    if (lazy) bind(lazy, value(DT_PLTRELSZ));
    if (early) bind(early + relative, value(DT_RELASZ) - relative * sizeof *early);
  }
};

int visit(dl_phdr_info* info, size_t, void*) {
  if (info->dlpi_adds == loads && info->dlpi_subs == unloads) return 1;
  Object object(*info);
  if (seen.insert(object.dynamic).second) object.bindAll();
  return 0;
}

}  // namespace

void interpose(const char* symbol, void* ours) {
  for (const Interposed& i : all)
    if (!strcmp(i.symbol, symbol)) return;
  all.push_back({symbol, ours});
  loads = unloads = 0;
  seen.clear();
  interposeLoaded();
}

void interposeLoaded() {
  unsigned long long now[2] = {loads, unloads};
  dl_iterate_phdr([](dl_phdr_info* info, size_t, void* counts) {
    static_cast<unsigned long long*>(counts)[0] = info->dlpi_adds;
    static_cast<unsigned long long*>(counts)[1] = info->dlpi_subs;
    return 1;
  }, now);
  if (now[1] != unloads) seen.clear();   // another object may lie where one was
  dl_iterate_phdr(visit, nullptr);
  loads = now[0];
  unloads = now[1];
}

}  // namespace od

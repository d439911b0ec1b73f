// gdb's interface for code made at run time: a list of ELF images in memory, and a function that gdb puts a breakpoint
// on. Each piece of code gets an image of its own with a symbol, call frame information (.eh_frame), so that `bt` walks
// through compiled frames, and its Python lines (.debug_line). The code itself is not in it: it is where the image says
// it is.
#include <elf.h>
#include <cstring>
#include <map>
#include <memory>
#include "jit/conductor.h"
#include "jit/publish.h"

// gdb knows these by their names and layouts.
extern "C" {
struct jit_code_entry {
  jit_code_entry *next_entry, *prev_entry;
  const char* symfile_addr;
  uint64_t symfile_size;
};
struct jit_descriptor {
  uint32_t version, action_flag;
  jit_code_entry *relevant_entry, *first_entry;
};
__attribute__((visibility("default"), used)) jit_descriptor __jit_debug_descriptor = {1, 0, nullptr, nullptr};
__attribute__((visibility("default"), used, noinline)) void __jit_debug_register_code() {
  asm volatile("" ::: "memory");
}
}

namespace od {
namespace {

enum Action : uint32_t { kRegister = 1, kUnregister = 2 };

struct Bytes {
  std::string text;
  template <class T> Bytes& put(T v) {
    text.append(reinterpret_cast<const char*>(&v), sizeof v);
    return *this;
  }
  Bytes& u8(unsigned v) { return put(uint8_t(v)); }
  Bytes& uleb(uint64_t v) {
    for (; v >= 0x80; v >>= 7) u8(unsigned(v & 0x7f) | 0x80);
    return u8(unsigned(v));
  }
  Bytes& sleb(int64_t v) {
    for (; v < -64 || v > 63; v >>= 7) u8(unsigned(v & 0x7f) | 0x80);
    return u8(unsigned(v & 0x7f));
  }
  Bytes& name(const std::string& s) {
    text.append(s.c_str(), s.size() + 1);
    return *this;
  }
  Bytes& raw(const Bytes& b) {
    text += b.text;
    return *this;
  }
};

// With its length in front, filled up with zeros (no operation in call frames) to whole words.
template <class Fill> void sized(Bytes& out, Fill fill) {
  Bytes body;
  fill(body);
  while ((body.text.size() + 4) % 8) body.u8(0);
  out.put(uint32_t(body.text.size())).raw(body);
}

// DWARF's numbers.
enum : unsigned { kRbx = 3, kRbp = 6, kRsp = 7, kR12 = 12, kR13 = 13, kR14 = 14, kR15 = 15, kReturn = 16 };
// Below the return address, as pushFrame pushes them.
constexpr unsigned kSaved[] = {kRbp, kRbx, kR12, kR13, kR14, kR15};
constexpr unsigned kPushBytes[] = {1, 1, 2, 2, 2, 2};

Bytes callFrames(const CodePiece& p) {
  enum : unsigned { kAdvance4 = 0x04, kDefCfa = 0x0c, kOffset = 0x80, kRestore = 0xc0 };
  Bytes out;
  sized(out, [](Bytes& cie) {
    cie.put<uint32_t>(0).u8(1).name("").uleb(1).sleb(-8).u8(kReturn);
    cie.u8(kDefCfa).uleb(kRsp).uleb(8).u8(unsigned(kOffset) | kReturn).uleb(1);
  });
  const uint32_t fde = uint32_t(out.text.size());
  sized(out, [&](Bytes& b) {
    b.put(fde + 4).put(reinterpret_cast<uint64_t>(p.text)).put(uint64_t(p.bytes));
    uint32_t at = 0, before = 8;
    auto advance = [&](uint32_t to) {
      if (to != at) b.u8(kAdvance4).put(to - at);
      at = to;
    };
    for (const StackRow& r : p.stack) {
      advance(r.offset);
      if (r.depth) {
        b.u8(kDefCfa).uleb(kRsp).uleb(r.depth);
        if (!before)
          for (unsigned reg : kSaved) b.u8(kRestore | reg);
      } else {
        b.u8(kDefCfa).uleb(kRbp).uleb(16);
        for (unsigned i = 0; i < std::size(kSaved); i++) {
          if (before == 16 && i) advance(at + kPushBytes[i]);   // the frame is being set up
          b.u8(kOffset | kSaved[i]).uleb(2 + i);
        }
      }
      before = r.depth;
    }
  });
  return out.put<uint32_t>(0);
}

Bytes lineProgram(const CodePiece& p, const std::vector<LineRow>& lines) {
  enum : unsigned { kCopy = 1, kAdvancePc = 2, kAdvanceLine = 3, kEndSequence = 1, kSetAddress = 2 };
  Bytes head, program;
  head.u8(1).u8(1).u8(0).u8(1).u8(10);                        // one-byte steps; statements; no special opcodes
  for (unsigned n : {0, 1, 1, 1, 1, 0, 0, 0, 1}) head.u8(n);   // operands of the standard ones
  head.u8(0).name(p.file).uleb(0).uleb(0).uleb(0).u8(0);      // no folders, one file
  program.u8(0).uleb(9).u8(kSetAddress).put(reinterpret_cast<uint64_t>(p.text));
  uint32_t at = 0;
  int line = 1;
  for (const LineRow& l : lines) {
    program.u8(kAdvancePc).uleb(l.offset - at).u8(kAdvanceLine).sleb(l.line - line).u8(kCopy);
    at = l.offset;
    line = l.line;
  }
  program.u8(kAdvancePc).uleb(p.bytes - at).u8(0).uleb(1).u8(kEndSequence);
  Bytes unit;
  unit.put<uint16_t>(2).put(uint32_t(head.text.size())).raw(head).raw(program);
  return Bytes().put(uint32_t(unit.text.size())).raw(unit);
}

// A compilation unit with one function: what the abbreviations below describe.
Bytes debugInfo(const CodePiece& p) {
  constexpr unsigned kC = 2;   // gdb knows no Python
  const uint64_t low = reinterpret_cast<uint64_t>(p.text), high = low + p.bytes;
  Bytes unit;
  unit.put<uint16_t>(3).put<uint32_t>(0).u8(8);
  unit.uleb(1).name(p.file).u8(kC).put(low).put(high).put<uint32_t>(0);
  unit.uleb(2).name(p.name).put(low).put(high);
  unit.u8(0);
  return Bytes().put(uint32_t(unit.text.size())).raw(unit);
}
Bytes abbreviations() {
  enum : unsigned { kCompileUnit = 0x11, kSubprogram = 0x2e };
  enum : unsigned { kName = 0x03, kStmtList = 0x10, kLowPc = 0x11, kHighPc = 0x12, kLanguage = 0x13 };
  enum : unsigned { kAddr = 0x01, kData4 = 0x06, kString = 0x08, kData1 = 0x0b };
  Bytes b;
  b.uleb(1).uleb(kCompileUnit).u8(1).uleb(kName).uleb(kString).uleb(kLanguage).uleb(kData1).uleb(kLowPc).uleb(kAddr);
  b.uleb(kHighPc).uleb(kAddr).uleb(kStmtList).uleb(kData4).u8(0).u8(0);
  b.uleb(2).uleb(kSubprogram).u8(0).uleb(kName).uleb(kString);
  b.uleb(kLowPc).uleb(kAddr).uleb(kHighPc).uleb(kAddr).u8(0).u8(0);
  return b.u8(0);
}

class Image {
 public:
  explicit Image(const CodePiece& p) {
    const uint64_t low = reinterpret_cast<uint64_t>(p.text);
    constexpr uint16_t kText = 1, kStrings = 3;
    section("", SHT_NULL, {});
    section(".text", SHT_NOBITS, {},
            {.sh_flags = SHF_ALLOC | SHF_EXECINSTR, .sh_addr = low, .sh_size = p.bytes, .sh_addralign = 1});
    Bytes symbols;
    symbols.put(Elf64_Sym{}).put(Elf64_Sym{1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), STV_DEFAULT, kText, low, p.bytes});
    section(".symtab", SHT_SYMTAB, symbols, {.sh_link = kStrings, .sh_info = 1, .sh_entsize = sizeof(Elf64_Sym)});
    section(".strtab", SHT_STRTAB, Bytes().u8(0).name(p.name));
    section(".eh_frame", SHT_PROGBITS, callFrames(p));
    if (const std::vector<LineRow> lines = linesOf(p); !lines.empty()) {
      section(".debug_line", SHT_PROGBITS, lineProgram(p, lines));
      section(".debug_info", SHT_PROGBITS, debugInfo(p));
      section(".debug_abbrev", SHT_PROGBITS, abbreviations());
    }
    const uint16_t names = uint16_t(headers_.size());
    section(".shstrtab", SHT_STRTAB, {});
    headers_[names].sh_offset = kFirst + contents_.text.size();
    headers_[names].sh_size = names_.text.size();
    contents_.raw(names_);
    while (contents_.text.size() % 8) contents_.u8(0);
    Elf64_Ehdr e{};
    std::memcpy(e.e_ident, ELFMAG, SELFMAG);
    e.e_ident[EI_CLASS] = ELFCLASS64, e.e_ident[EI_DATA] = ELFDATA2LSB, e.e_ident[EI_VERSION] = EV_CURRENT;
    e.e_type = ET_EXEC, e.e_machine = EM_X86_64, e.e_version = EV_CURRENT;
    e.e_ehsize = sizeof(Elf64_Ehdr), e.e_phentsize = sizeof(Elf64_Phdr), e.e_phnum = 1, e.e_phoff = sizeof(Elf64_Ehdr);
    e.e_shentsize = sizeof(Elf64_Shdr), e.e_shnum = uint16_t(headers_.size()), e.e_shstrndx = names;
    e.e_shoff = kFirst + contents_.text.size();
    const Elf64_Phdr code{PT_LOAD, PF_X | PF_R, 0, low, low, 0, p.bytes, 1};
    file_.put(e).put(code).raw(contents_);
    for (const Elf64_Shdr& h : headers_) file_.put(h);
    file_.text.shrink_to_fit();
  }
  std::string take() { return std::move(file_.text); }

 private:
  static constexpr uint64_t kFirst = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
  void section(const char* name, uint32_t type, const Bytes& content, Elf64_Shdr h = {}) {
    h.sh_name = uint32_t(names_.text.size());
    h.sh_type = type;
    h.sh_offset = type == SHT_NULL ? 0 : kFirst + contents_.text.size();
    if (!h.sh_size) h.sh_size = content.text.size();
    if (!h.sh_addralign) h.sh_addralign = type == SHT_NULL ? 0 : 8;
    headers_.push_back(h);
    names_.name(name);
    contents_.raw(content);
    while (contents_.text.size() % 8) contents_.u8(0);
  }
  std::vector<Elf64_Shdr> headers_;
  Bytes names_, contents_, file_;
};

struct Registered {
  jit_code_entry entry{};
  std::string image;
};
std::multimap<const Unit*, std::unique_ptr<Registered>>& registered() {
  static auto* map = new std::multimap<const Unit*, std::unique_ptr<Registered>>();
  return *map;
}

void tell(jit_code_entry* entry, Action action) {
  __jit_debug_descriptor.relevant_entry = entry;
  __jit_debug_descriptor.action_flag = action;
  __jit_debug_register_code();
  __jit_debug_descriptor.action_flag = 0;
  __jit_debug_descriptor.relevant_entry = nullptr;
}

}  // namespace

void noteGdb(const CodePiece& p) {
  if (!options().gdb) return;
  auto r = std::make_unique<Registered>();
  r->image = Image(p).take();
  jit_code_entry*& first = __jit_debug_descriptor.first_entry;
  r->entry = {first, nullptr, r->image.data(), r->image.size()};
  if (first) first->prev_entry = &r->entry;
  first = &r->entry;
  tell(&r->entry, kRegister);
  if (p.unit) registered().emplace(p.unit, std::move(r));
  else r.release();   // routines stay
}

void forgetGdb(const Unit* u) {
  auto [first, last] = registered().equal_range(u);
  for (auto it = first; it != last; ++it) {
    jit_code_entry* e = &it->second->entry;
    (e->prev_entry ? e->prev_entry->next_entry : __jit_debug_descriptor.first_entry) = e->next_entry;
    if (e->next_entry) e->next_entry->prev_entry = e->prev_entry;
    tell(e, kUnregister);
  }
  registered().erase(first, last);
}

}  // namespace od

// Linux's perf: /tmp/perf-PID.map names addresses, /tmp/jit-PID.dump carries the code itself with its lines, stamped
// with the time since addresses are used again. perf notices the dump by the executable mapping of its first page. A
// forked child writes files of its own, with all the code it has inherited, as soon as it compiles anything itself.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cstdio>
#include <ctime>
#include "jit/conductor.h"
#include "jit/publish.h"

namespace od {
namespace {

// The format perf looks for: start, size, name.
void addToMap(const CodePiece& p) {
  std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  if (std::FILE* f = std::fopen(path.c_str(), "a")) {
    std::fprintf(f, "%llx %zx %s\n", (unsigned long long)reinterpret_cast<uintptr_t>(p.text), p.bytes, p.name.c_str());
    std::fclose(f);
  }
}

// --- the dump: linux/tools/perf/Documentation/jitdump-specification.txt
enum RecordId : uint32_t { kLoad = 0, kDebugInfo = 2 };
struct Bytes {
  std::string text;
  template <class T> Bytes& put(T v) {
    text.append(reinterpret_cast<const char*>(&v), sizeof v);
    return *this;
  }
  Bytes& name(const std::string& s) {
    text.append(s.c_str(), s.size() + 1);
    return *this;
  }
};

int dump = -1;
void* mark = nullptr;
uint64_t codeIndex = 0;

// As `perf record -k mono` stamps its samples.
uint64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return uint64_t(t.tv_sec) * 1000000000u + uint64_t(t.tv_nsec);
}

void write(const std::string& bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(dump, bytes.data() + done, bytes.size() - done);
    if (n <= 0) return;
    done += size_t(n);
  }
}

void writeRecord(RecordId id, const Bytes& body) {
  Bytes head;
  head.put<uint32_t>(id).put(uint32_t(16 + body.text.size())).put(now());
  write(head.text + body.text);
}

void openDump() {
  if (mark) munmap(mark, 4096);
  if (dump >= 0) close(dump);
  mark = nullptr;
  codeIndex = 0;
  const std::string path = "/tmp/jit-" + std::to_string(getpid()) + ".dump";
  unlink(path.c_str());   // of an older process; a link there is not followed
  dump = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (dump < 0) return;
  constexpr uint32_t kMagic = 0x4A695444, kVersion = 1, kHeaderBytes = 40, kX86_64 = 62;
  Bytes h;
  h.put(kMagic).put(kVersion).put(kHeaderBytes).put(kX86_64).put<uint32_t>(0);
  h.put(uint32_t(getpid())).put(now()).put<uint64_t>(0);
  write(h.text);
  mark = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, dump, 0);
  if (mark == MAP_FAILED) mark = nullptr;
}

void addToDump(const CodePiece& p) {
  if (dump < 0) return;
  const uint64_t address = reinterpret_cast<uint64_t>(p.text);
  if (const std::vector<LineRow> lines = linesOf(p); !lines.empty()) {   // perf wants it before the code
    Bytes b;
    b.put(address).put(uint64_t(lines.size()));
    for (const LineRow& l : lines) b.put(address + l.offset).put<int32_t>(l.line).put<int32_t>(0).name(p.file);
    writeRecord(kDebugInfo, b);
  }
  Bytes b;
  b.put(uint32_t(getpid())).put(uint32_t(syscall(SYS_gettid))).put(address).put(address).put(uint64_t(p.bytes));
  b.put(codeIndex++).name(p.name).text.append(reinterpret_cast<const char*>(p.text), p.bytes);
  writeRecord(kLoad, b);
}

void add(const CodePiece& p) {
  if (options().perf) addToMap(p);
  if (options().jitdump) addToDump(p);
}

}  // namespace

void notePerf(const CodePiece& p) {
  if (!options().perf && !options().jitdump) return;
  static pid_t writer = 0;
  if (writer == getpid()) return add(p);
  const bool child = writer != 0;
  writer = getpid();
  if (options().jitdump) openDump();
  if (!child) return add(p);
  for (const CodePiece& all : announced()) add(all);   // p is among them
}

}  // namespace od

// One reserved stretch of address space, handed out in pages. Neighbours with the same protection merge into one mapping,
// so thousands of units do not exhaust the kernel's list of mappings; units are near each other; and membership is a
// comparison. Private anonymous memory, so that a forked child writes its own copies.
#include "jit/code_memory.h"
#include <sys/mman.h>
#include <cstring>
#include <map>

namespace od {
namespace {

uint8_t* base = nullptr;
size_t size = 0, top = 0, used = 0;
std::multimap<size_t, uint8_t*>& freeRanges() {   // by size
  static auto* ranges = new std::multimap<size_t, uint8_t*>();
  return *ranges;
}

size_t rounded(size_t n) { return (n + kCodePage - 1) & ~(kCodePage - 1); }

uint8_t* range(size_t bytes) {
  auto it = freeRanges().lower_bound(bytes);
  if (it != freeRanges().end()) {
    uint8_t* p = it->second;
    size_t have = it->first;
    freeRanges().erase(it);
    if (have > bytes) freeRanges().emplace(have - bytes, p + bytes);
    return p;
  }
  if (top + bytes > size) return nullptr;
  uint8_t* p = base + top;
  top += bytes;
  return p;
}

}  // namespace

bool reserveCodeMemory(size_t bytes) {
  if (base) return true;
  void* p = mmap(nullptr, rounded(bytes), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  base = static_cast<uint8_t*>(p);
  size = rounded(bytes);
  return true;
}

uint8_t* placeCode(const uint8_t* code, size_t bytes) {
  size_t n = rounded(bytes);
  uint8_t* p = base ? range(n) : nullptr;
  if (!p) return nullptr;
  if (mprotect(p, n, PROT_READ | PROT_WRITE) == 0) {
    std::memcpy(p, code, bytes);
    std::memset(p + bytes, 0xCC, n - bytes);
    if (mprotect(p, n, PROT_READ | PROT_EXEC) == 0) {
      used += n;
      return p;
    }
  }
  freeRanges().emplace(n, p);
  return nullptr;
}

void freeCode(uint8_t* text, size_t bytes) {
  if (!text) return;
  size_t n = rounded(bytes);
  mprotect(text, n, PROT_NONE);
  madvise(text, n, MADV_DONTNEED);
  freeRanges().emplace(n, text);
  used -= n;
}

size_t codeMemoryUsed() { return used; }
size_t codeMemorySize() { return size; }
bool isCompiledCode(const void* address) {
  const uint8_t* p = static_cast<const uint8_t*>(address);
  return base && p >= base && p < base + size;
}

}  // namespace od

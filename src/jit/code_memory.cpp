// One reserved stretch of address space, handed out in cache lines. Units lie close together: were each to begin on a page
// of its own, all entries would compete for the same few sets of the instruction cache, and every unit for an entry of the
// TLB. Pages with the same protection merge into one mapping, so thousands of units do not exhaust the kernel's list of
// mappings, and membership is a comparison. Private anonymous memory, so that a forked child writes its own copies.
//
// A page may hold other units while one is written. Nobody executes them meanwhile: compiled code runs with the GIL held,
// as this does.
#include "jit/code_memory.h"
#include <sys/mman.h>
#include <cstring>
#include <iterator>
#include <map>

namespace od {
namespace {

constexpr size_t kPage = 4096;

uint8_t* base = nullptr;
size_t size = 0, used = 0;
std::map<uint8_t*, size_t>& freeRanges() {   // by address; neighbours are merged
  static auto* ranges = new std::map<uint8_t*, size_t>();
  return *ranges;
}

size_t up(size_t n, size_t to) { return (n + to - 1) / to * to; }

uint8_t* take(size_t bytes) {
  for (auto it = freeRanges().begin(); it != freeRanges().end(); ++it) {
    auto [p, have] = *it;
    if (have < bytes) continue;
    freeRanges().erase(it);
    if (have > bytes) freeRanges().emplace(p + bytes, have - bytes);
    return p;
  }
  return nullptr;
}

// The whole free range that the bytes have become part of.
std::pair<uint8_t*, size_t> giveBack(uint8_t* p, size_t bytes) {
  auto& ranges = freeRanges();
  auto it = ranges.emplace(p, bytes).first;
  if (auto next = std::next(it); next != ranges.end() && p + bytes == next->first) {
    it->second += next->second;
    ranges.erase(next);
  }
  if (it != ranges.begin())
    if (auto before = std::prev(it); before->first + before->second == p) {
      before->second += it->second;
      ranges.erase(it);
      it = before;
    }
  return *it;
}

bool protect(uint8_t* p, size_t bytes, int how) {
  const size_t lead = size_t(p - base) % kPage;
  return mprotect(p - lead, up(lead + bytes, kPage), how) == 0;
}

}  // namespace

bool reserveCodeMemory(size_t bytes) {
  if (base) return true;
  void* p = mmap(nullptr, up(bytes, kPage), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  base = static_cast<uint8_t*>(p);
  size = up(bytes, kPage);
  freeRanges().emplace(base, size);
  return true;
}

uint8_t* placeCode(const uint8_t* code, size_t bytes) {
  const size_t n = up(bytes, kCodeLine);
  uint8_t* p = base ? take(n) : nullptr;
  if (!p) return nullptr;
  if (protect(p, n, PROT_READ | PROT_WRITE)) {
    std::memcpy(p, code, bytes);
    std::memset(p + bytes, 0xCC, n - bytes);
    if (protect(p, n, PROT_READ | PROT_EXEC)) {
      used += n;
      return p;
    }
  }
  giveBack(p, n);
  return nullptr;
}

void freeCode(uint8_t* text, size_t bytes) {
  if (!text) return;
  const size_t n = up(bytes, kCodeLine);
  auto [p, whole] = giveBack(text, n);
  used -= n;
  // Pages that nobody uses any more are given back to the system.
  const size_t lead = up(size_t(p - base), kPage) - size_t(p - base);
  if (whole >= lead + kPage) madvise(p + lead, (whole - lead) / kPage * kPage, MADV_DONTNEED);
}

size_t codeMemoryUsed() { return used; }
size_t codeMemorySize() { return size; }
bool isCompiledCode(const void* address) {
  const uint8_t* p = static_cast<const uint8_t*>(address);
  return base && p >= base && p < base + size;
}

}  // namespace od

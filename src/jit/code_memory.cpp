// One reserved stretch of address space, handed out in cache lines: hot parts from its beginning, cold parts from its end, so
// that what runs often lies close together. Were each unit to begin on a page of its own, all entries would compete for the
// same few sets of the instruction cache, and every unit for an entry of the TLB. Pages with the same protection merge into
// one mapping, so thousands of units do not exhaust the kernel's list of mappings, and membership is a comparison. Private
// anonymous memory, so that a forked child writes its own copies.
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

// Both look for the first range that is large enough, one from either end, and take that end of it.
uint8_t* takeLow(size_t bytes) {
  for (auto it = freeRanges().begin(); it != freeRanges().end(); ++it) {
    auto [p, have] = *it;
    if (have < bytes) continue;
    freeRanges().erase(it);
    if (have > bytes) freeRanges().emplace(p + bytes, have - bytes);
    return p;
  }
  return nullptr;
}
uint8_t* takeHigh(size_t bytes) {
  for (auto it = freeRanges().rbegin(); it != freeRanges().rend(); ++it) {
    if (it->second < bytes) continue;
    uint8_t* p = it->first + (it->second -= bytes);
    if (!it->second) freeRanges().erase(p);
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

void giveBackPages(uint8_t* p, size_t bytes) {
  if (!bytes) return;
  auto [first, whole] = giveBack(p, bytes);
  // Pages that nobody uses any more are given back to the system.
  const size_t lead = up(size_t(first - base), kPage) - size_t(first - base);
  if (whole >= lead + kPage) madvise(first + lead, (whole - lead) / kPage * kPage, MADV_DONTNEED);
}

// Address space, if it can be had less than 2 GiB from `target`: what the kernel offers, then what lies below the target.
void* mapNear(const void* target, size_t bytes) {
  constexpr size_t kStep = size_t(128) << 20;
  const auto at = reinterpret_cast<uintptr_t>(target) / kPage * kPage;
  void* offered = MAP_FAILED;
  for (size_t below = 0; below < 15 * kStep; below += kStep) {
    void* hint = below ? reinterpret_cast<void*>(at - below - bytes) : nullptr;
    void* p = mmap(hint, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) continue;
    if (Reach{p, static_cast<uint8_t*>(p) + bytes}.covers(target)) {
      if (offered != MAP_FAILED) munmap(offered, bytes);
      return p;
    }
    if (offered == MAP_FAILED) offered = p;
    else munmap(p, bytes);
  }
  return offered;
}

}  // namespace

bool reserveCodeMemory(size_t bytes, const void* target) {
  if (base) return true;
  void* p = mapNear(target, up(bytes, kPage));
  if (p == MAP_FAILED) return false;
  base = static_cast<uint8_t*>(p);
  size = up(bytes, kPage);
  freeRanges().emplace(base, size);
  return true;
}

Reach codeReach() { return {base, base + size}; }

CodePlace placeCode(const MachineCode& code) {
  const size_t hot = up(code.hot, kCodeLine), cold = up(code.cold(), kCodeLine);
  if (!base || !hot) return {};
  CodePlace p{takeLow(hot), nullptr, code.hot, code.cold()};
  if (p.hot && cold && !(p.cold = takeHigh(cold))) {
    giveBack(p.hot, hot);
    return {};
  }
  if (!p.hot) return {};
  auto protectBoth = [&](int how) { return protect(p.hot, hot, how) && (!cold || protect(p.cold, cold, how)); };
  if (protectBoth(PROT_READ | PROT_WRITE)) {
    link(code, p);
    std::memset(p.hot + code.hot, 0xCC, hot - code.hot);
    if (cold) std::memset(p.cold + code.cold(), 0xCC, cold - code.cold());
    if (protectBoth(PROT_READ | PROT_EXEC)) {
      used += hot + cold;
      return p;
    }
  }
  giveBack(p.hot, hot);
  if (cold) giveBack(p.cold, cold);
  return {};
}

void freeCode(const CodePlace& p) {
  if (!p.hot) return;
  const size_t hot = up(p.hotBytes, kCodeLine), cold = up(p.coldBytes, kCodeLine);
  used -= hot + cold;
  giveBackPages(p.hot, hot);
  giveBackPages(p.cold, cold);
}

size_t codeMemoryUsed() { return used; }
size_t codeMemorySize() { return size; }
bool isCompiledCode(const void* address) {
  const uint8_t* p = static_cast<const uint8_t*>(address);
  return base && p >= base && p < base + size;
}

}  // namespace od

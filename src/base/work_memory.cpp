// Chunks of one reserved stretch of addresses, so that one comparison tells whose a piece is. A WorkMemory cuts pieces off its
// newest chunk and keeps those that come back by size. A piece may come back on another thread, or when the memory is not in
// use any more: then it stays where it is until the chunks go.
#include "base/work_memory.h"
#include <pthread.h>
#include <sys/mman.h>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace od {
namespace {

constexpr size_t kChunk = 65536, kReserve = size_t(128) << 20;
constexpr size_t kKept = 8;   // chunks that wait for the next compilation with their pages

__attribute__((tls_model("initial-exec"))) thread_local WorkMemory* current = nullptr;

struct Pool {
  static constexpr uintptr_t kNowhere = uintptr_t(1) << 63;   // far from every address
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::atomic<uintptr_t> low{kNowhere};
  size_t fresh = 0;                    // chunks that were never used begin here
  struct Spare { Spare* next; };
  Spare* touched = nullptr;            // with their pages,
  size_t touchedCount = 0, inUse = 0;
  uint32_t dropped[kReserve / kChunk]; // and without: their numbers
  size_t droppedCount = 0;
};
Pool pool;

struct Locked {
  explicit Locked(pthread_mutex_t& m = pool.mutex) : mutex(m) { pthread_mutex_lock(&mutex); }
  ~Locked() { pthread_mutex_unlock(&mutex); }
  pthread_mutex_t& mutex;
};

char* chunkAt(size_t n) { return reinterpret_cast<char*>(pool.low.load(std::memory_order_relaxed)) + n * kChunk; }
size_t numberOf(const void* p) { return (reinterpret_cast<uintptr_t>(p) - pool.low.load(std::memory_order_relaxed)) / kChunk; }

bool reserveAddresses() {
  if (pool.low != Pool::kNowhere) return true;
  void* p = mmap(nullptr, kReserve, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  madvise(p, kReserve, MADV_NOHUGEPAGE);   // a page of 2 MiB would be more than most compilations need
  pool.low = reinterpret_cast<uintptr_t>(p);
  return true;
}

void* takeFresh(size_t count) {
  if (!reserveAddresses() || pool.fresh + count > kReserve / kChunk) return nullptr;
  char* first = chunkAt(pool.fresh);
  if (mprotect(first, count * kChunk, PROT_READ | PROT_WRITE) != 0) return nullptr;
  pool.fresh += count;
  return first;
}

void* takeChunk() {
  Locked locked;
  void* chunk = nullptr;
  if (pool.touched) {
    chunk = pool.touched;
    pool.touched = pool.touched->next;
    pool.touchedCount--;
  } else if (pool.droppedCount) {
    chunk = chunkAt(pool.dropped[--pool.droppedCount]);
  } else {
    chunk = takeFresh(1);
  }
  if (chunk) pool.inUse++;
  return chunk;
}

void drop(void* chunk) {
  madvise(chunk, kChunk, MADV_DONTNEED);
  pool.dropped[pool.droppedCount++] = uint32_t(numberOf(chunk));
}

void giveChunk(void* chunk) {
  Locked locked;
  pool.inUse--;
  if (pool.touchedCount == kKept) return drop(chunk);
  pool.touched = new (chunk) Pool::Spare{pool.touched};
  pool.touchedCount++;
}

}  // namespace

WorkMemory::Use::Use(WorkMemory& m) : before_(current) { current = &m; }
WorkMemory::Use::~Use() { current = before_; }

WorkMemory::~WorkMemory() {
  while (Chunk* c = chunks_) {
    chunks_ = c->next;
#ifdef OVERDRIVE_VERIFY
    std::memset(static_cast<void*>(c), 0xDD, kChunk);   // whoever still looks here shall fall over it
#endif
    giveChunk(c);
  }
}

bool WorkMemory::reserve() {
  Locked locked;
  return reserveAddresses();
}

void WorkMemory::tidy() {
  Locked locked;
  while (Pool::Spare* chunk = pool.touched) {
    pool.touched = chunk->next;
    drop(chunk);
  }
  pool.touchedCount = 0;
}

size_t WorkMemory::resident() {
  Locked locked;
  return (pool.inUse + pool.touchedCount) * kChunk;
}

bool WorkMemory::owns(const void* p) { return reinterpret_cast<uintptr_t>(p) - pool.low.load(std::memory_order_relaxed) < kReserve; }

WorkMemory::Chunk* WorkMemory::chunkOf(void* p) { return reinterpret_cast<Chunk*>(chunkAt(numberOf(p))); }

size_t WorkMemory::classOf(size_t size) {
  if (size <= kSmall) return size ? (size - 1) / kStep : 0;
  return kSmall / kStep + size_t(std::bit_width(size - 1)) - 11;   // up to 2048: the first
}

size_t WorkMemory::sizeOf(size_t cls) {
  return cls < kSmall / kStep ? (cls + 1) * kStep : size_t(2 * kSmall) << (cls - kSmall / kStep);
}

void* WorkMemory::take(size_t size) {
  if (size > kLargest) return nullptr;
  const size_t cls = classOf(size);
  if (Free* f = free_[cls]) {
    free_[cls] = f->next;
    return f;
  }
  const size_t bytes = sizeOf(cls);
  if (size_t(end_ - at_) < bytes) {
    char* chunk = static_cast<char*>(takeChunk());
    if (!chunk) return nullptr;
    chunks_ = new (chunk) Chunk{chunks_, this};
    at_ = chunk + sizeof(Chunk);
    end_ = chunk + kChunk;
  }
  void* p = at_;
  at_ += bytes;
  return p;
}

void WorkMemory::give(void* p, size_t size) {
  if (chunkOf(p)->owner != this) return;
  Free*& list = free_[classOf(size)];
  list = new (p) Free{list};
}

namespace {

// What `new` gives when malloc has nothing. Large pieces get chunks of their own and never come back.
struct LastResort {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  WorkMemory* memory = nullptr;   // made when it is needed, never destroyed
};
LastResort lastResort;

void* takeLastResort(size_t size) {
  alignas(WorkMemory) static char room[sizeof(WorkMemory)];
  {
    Locked locked(lastResort.mutex);
    if (!lastResort.memory) lastResort.memory = new (room) WorkMemory;
    if (void* p = lastResort.memory->take(size)) return p;
  }
  if (size > kReserve) return nullptr;
  Locked locked;
  void* chunks = takeFresh((size + sizeof(max_align_t) + kChunk - 1) / kChunk);
  return chunks ? static_cast<char*>(chunks) + sizeof(max_align_t) : nullptr;   // behind an owner that is null
}

void giveLastResort(void* p, size_t size) {
  if (!lastResort.memory) return;
  Locked locked(lastResort.mutex);
  lastResort.memory->give(p, size);
}

}  // namespace
}  // namespace od

void* operator new(size_t size) {
  if (od::current) [[unlikely]]
    if (void* p = od::current->take(size)) return p;
  if (void* p = std::malloc(size ? size : 1)) [[likely]] return p;
  if (void* p = od::takeLastResort(size)) return p;
  throw std::bad_alloc();
}

void operator delete(void* p) noexcept {
  if (!od::WorkMemory::owns(p)) std::free(p);
}

void operator delete(void* p, size_t size) noexcept {
  if (!od::WorkMemory::owns(p)) return std::free(p);
  if (od::current) od::current->give(p, size);
  od::giveLastResort(p, size);
}

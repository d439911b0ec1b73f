// Chunks of the datastack are kept for the next call that needs one.
//
// CPython maps a chunk of 16 KiB when a call does not fit into the current one, and unmaps it when that call returns. A call
// that is made again and again at the end of a chunk pays for both each time, some 10 microseconds; compiled callers,
// whose frames are larger and who keep a reserve free, come there more often. So a few freed chunks wait here.
//
// Whoever holds the lock already does not wait: it goes to the system, as without us.
#include <atomic>
#include "frames/frames.h"

namespace od {
namespace {

constexpr size_t kChunk = 16 * 1024;   // DATA_STACK_CHUNK_SIZE; arenas for objects are larger
constexpr int kKept = 8;

PyObjectArenaAllocator before;
std::atomic_flag busy = ATOMIC_FLAG_INIT;
void* kept[kKept];
int count = 0;

void* allocate(void* context, size_t size) {
  if (size == kChunk && !busy.test_and_set(std::memory_order_acquire)) {
    void* chunk = count ? kept[--count] : nullptr;
    busy.clear(std::memory_order_release);
    if (chunk) return chunk;
  }
  return before.alloc(context, size);
}

void release(void* context, void* memory, size_t size) {
  if (size == kChunk && !busy.test_and_set(std::memory_order_acquire)) {
    const bool room = count < kKept;
    if (room) kept[count++] = memory;
    busy.clear(std::memory_order_release);
    if (room) return;
  }
  before.free(context, memory, size);
}

}  // namespace

void keepChunks() {
  if (before.alloc) return;
  PyObject_GetArenaAllocator(&before);
  PyObjectArenaAllocator ours{before.ctx, allocate, release};
  PyObject_SetArenaAllocator(&ours);
}

}  // namespace od

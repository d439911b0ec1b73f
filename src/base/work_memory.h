// The memory of one piece of work that allocates much and keeps little: a compilation. While it is in use, what `new` gives on
// this thread comes out of it; it all goes at once when the work and its results are gone. That is faster than malloc, and
// leaves no holes in the heap that the program and the worker share.
#pragma once
#include <cstddef>

namespace od {

class WorkMemory {
 public:
  WorkMemory() = default;
  WorkMemory(const WorkMemory&) = delete;
  ~WorkMemory();

  // On this thread, until the end of the scope.
  class Use {
   public:
    explicit Use(WorkMemory& m);
    ~Use();

   private:
    WorkMemory* before_;
  };

  // Pages that nobody uses at the moment go back to the system.
  static void tidy();
  static size_t resident();   // bytes of chunks that were touched and not given back

  // Takes the addresses for all of this, while there are some. When malloc has nothing left, `new` lives on them: leaving
  // compiled code, or finding its cell, is nothing that could fail.
  static bool reserve();

  // --- for operator new and delete alone
  void* take(size_t size);                  // null: too large, or there is no room
  void give(void* p, size_t size);
  static bool owns(const void* p);          // does it belong to some WorkMemory?

 private:
  static constexpr size_t kStep = 16, kSmall = 1024, kLargest = 32768;   // larger pieces are malloc's
  static constexpr size_t kClasses = kSmall / kStep + 5;                 // then one for each power of two
  struct Free { Free* next; };
  struct Chunk {
    Chunk* next;
    WorkMemory* owner;
  };
  static Chunk* chunkOf(void* p);
  static size_t classOf(size_t size);
  static size_t sizeOf(size_t cls);

  Free* free_[kClasses] = {};
  Chunk* chunks_ = nullptr;
  char *at_ = nullptr, *end_ = nullptr;
};

}  // namespace od

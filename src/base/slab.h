// Objects that running code looks at all the time and that live as long as the process: in whole cache lines, close together,
// away from what is allocated beside them. Scattered over the heap each would cost an entry of the TLB.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <new>

namespace od {

// Not locked: the GIL protects it.
template <class T> class Slab {
 public:
  T* make() {
    if (left_ == 0) {
      void* chunk = std::aligned_alloc(kPage, kBytes);
      if (!chunk) chunk = ::operator new(kBytes);   // which has a last resort; lines are cut then
      next_ = static_cast<char*>(chunk);
      left_ = kBytes / kEach;
    }
    T* object = new (next_) T{};
    next_ += kEach;
    left_--;
    return object;
  }

 private:
  static constexpr size_t kLine = 64, kPage = 4096, kBytes = 4 * kPage;
  static constexpr size_t kEach = (sizeof(T) + kLine - 1) / kLine * kLine;
  static_assert(kEach <= kBytes);
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace od

#include "base/work_memory.h"
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace od {
namespace {

TEST(WorkMemory, ServesNewWhileItIsUsed) {
  const size_t before = WorkMemory::resident();
  std::unique_ptr<std::string> kept;
  {
    WorkMemory memory;
    std::unique_ptr<std::string> outside = std::make_unique<std::string>(100, 'o');
    {
      WorkMemory::Use use(memory);
      kept = std::make_unique<std::string>(100, 'k');
      outside.reset();                      // malloc's goes back to malloc
      EXPECT_TRUE(WorkMemory::owns(kept.get()));
    }
    auto later = std::make_unique<std::string>(100, 'l');
    EXPECT_FALSE(WorkMemory::owns(later.get()));
    EXPECT_GT(WorkMemory::resident(), before);
    EXPECT_EQ(*kept, std::string(100, 'k'));
    std::thread([&] { kept.reset(); }).join();
  }
  WorkMemory::tidy();
  EXPECT_EQ(WorkMemory::resident(), 0u);
}

TEST(WorkMemory, PiecesOfAllSizesAreDisjointAndComeAgain) {
  WorkMemory memory;
  WorkMemory::Use use(memory);
  std::vector<std::pair<char*, size_t>> pieces;
  for (int round = 0; round < 3; round++) {
    for (size_t size = 0; size < 40000; size = size < 1100 ? size + 7 : size * 5 / 4) {
      char* p = static_cast<char*>(::operator new(size));
      EXPECT_EQ(WorkMemory::owns(p), size <= 32768) << size;
      std::memset(p, int(pieces.size() & 0xFF), size);
      pieces.push_back({p, size});
    }
    for (size_t i = 0; i < pieces.size(); i++)
      for (size_t k = 0; k < pieces[i].second; k++) ASSERT_EQ(uint8_t(pieces[i].first[k]), i & 0xFF);
    if (round == 1) break;
    for (auto [p, size] : pieces) ::operator delete(p, size);
    pieces.clear();
  }
  const size_t full = WorkMemory::resident();
  for (auto [p, size] : pieces) ::operator delete(p, size);
  for (auto [p, size] : pieces) EXPECT_NE(::operator new(size), nullptr);   // what came back, not more
  EXPECT_EQ(WorkMemory::resident(), full);
}

// The exit code of a process whose address space has come to its end.
int withoutMemory() {
  if (!WorkMemory::reserve()) return 3;
  rlimit none{0, 0};
  setrlimit(RLIMIT_AS, &none);
  while (std::malloc(64)) {}
  std::vector<std::unique_ptr<std::string>> kept;
  kept.reserve(20'000);   // larger than a chunk
  for (size_t i = 0; i < 20'000; i++) kept.push_back(std::make_unique<std::string>(100, char('a' + i % 26)));
  for (size_t i = 0; i < 20'000; i++)
    if (*kept[i] != std::string(100, char('a' + i % 26))) return 1;
  kept.clear();
  return 0;
}

TEST(WorkMemory, NewLivesOnTheReserveWhenMallocHasNothing) {
  EXPECT_EXIT(std::_Exit(withoutMemory()), testing::ExitedWithCode(0), "");
}

TEST(WorkMemory, PiecesOfOneDoNotComeBackFromAnother) {
  WorkMemory first, second;
  void* mine;
  {
    WorkMemory::Use use(first);
    mine = ::operator new(48);
  }
  WorkMemory::Use use(second);
  ::operator delete(mine, 48);
  for (int i = 0; i < 100; i++) EXPECT_NE(::operator new(48), mine);
}

}  // namespace
}  // namespace od

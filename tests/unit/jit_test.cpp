// The parts of src/jit that need no interpreter: the table of knobs and executable memory.
#include <gtest/gtest.h>
#include <cstdlib>
#include <cstring>
#include "../../src/jit/code_memory.cpp"
#include "../../src/jit/modes.cpp"

using namespace od;

namespace {
std::string readWith(const char* mode) {
  setenv("OVERDRIVE_MODE", mode, 1);
  return readOptions();
}
}  // namespace

TEST(JitModes, NamesAndNumbers) {
  EXPECT_EQ(readWith("warm:7,deopt:3"), "");
  EXPECT_EQ(options().how, Mode::Warm);
  EXPECT_EQ(options().count, 7u);
  EXPECT_EQ(options().deoptEvery, 3u);
  EXPECT_EQ(readWith("compile-all"), "");
  EXPECT_EQ(options().how, Mode::CompileAll);
  EXPECT_EQ(options().deoptEvery, 0u);
}

TEST(JitModes, NonsenseIsRefused) {
  EXPECT_NE(readWith("fast"), "");
  EXPECT_NE(readWith("warm:x"), "");
  EXPECT_NE(readWith("osr:-1"), "");
}

TEST(JitMemory, PlacedCodeRunsAndRoomComesBack) {
  ASSERT_TRUE(reserveCodeMemory(4 * kCodePage));
  const uint8_t answer[] = {0xB8, 42, 0, 0, 0, 0xC3};   // mov eax, 42; ret
  uint8_t* p = placeCode(answer, sizeof answer);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(reinterpret_cast<int (*)()>(p)(), 42);
  EXPECT_TRUE(isCompiledCode(p));
  std::vector<uint8_t> big(4 * kCodePage - kCodeLine, 0xC3);
  uint8_t* q = placeCode(big.data(), big.size());
  ASSERT_NE(q, nullptr);
  EXPECT_EQ(placeCode(answer, sizeof answer), nullptr);
  freeCode(q, big.size());
  EXPECT_NE(placeCode(answer, sizeof answer), nullptr);
  EXPECT_EQ(codeMemoryUsed(), 2 * kCodeLine);
}

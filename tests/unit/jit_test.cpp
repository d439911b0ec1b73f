// The parts of src/jit that need no interpreter: the table of knobs and executable memory.
#include <gtest/gtest.h>
#include <cstdlib>
#include <cstring>
#include "../../src/emit/machine_code.h"
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

TEST(JitModes, UnknownDumpsAreRefused) {
  setenv("OVERDRIVE_MODE", "auto", 1);
  setenv("OVERDRIVE_DUMP", "ir,asm", 1);
  EXPECT_EQ(readOptions(), "");
  setenv("OVERDRIVE_DUMP", "ir,nonsense", 1);
  EXPECT_EQ(readOptions(), "OVERDRIVE_DUMP cannot be 'ir,nonsense'");
  unsetenv("OVERDRIVE_DUMP");
}

namespace {
int seven() { return 7; }
const void* sevenAddress() { return reinterpret_cast<const void*>(seven); }
}  // namespace

TEST(JitMemory, PlacedCodeRunsAndRoomComesBack) {
  ASSERT_TRUE(reserveCodeMemory(4 * kCodePage, sevenAddress()));
  // mov eax, 42; jmp to the cold part; there: ret
  const MachineCode answer{{0xB8, 42, 0, 0, 0, 0xE9, 0, 0, 0, 0, 0xC3}, 10, {{6, nullptr}}};
  const CodePlace p = placeCode(answer);
  ASSERT_NE(p.hot, nullptr);
  EXPECT_EQ(reinterpret_cast<int (*)()>(p.hot)(), 42);
  EXPECT_TRUE(isCompiledCode(p.hot));
  EXPECT_TRUE(isCompiledCode(p.cold));
  EXPECT_GE(p.cold, p.hot + 3 * kCodePage);
  MachineCode big{std::vector<uint8_t>(4 * kCodePage - 2 * kCodeLine, 0xC3), 4 * kCodePage - 2 * kCodeLine, {}};
  const CodePlace q = placeCode(big);
  ASSERT_NE(q.hot, nullptr);
  EXPECT_EQ(placeCode(answer).hot, nullptr);
  freeCode(q);
  const CodePlace again = placeCode(answer);
  ASSERT_NE(again.hot, nullptr);
  EXPECT_EQ(reinterpret_cast<int (*)()>(again.hot)(), 42);
  EXPECT_EQ(codeMemoryUsed(), 4 * kCodeLine);
}

TEST(JitMemory, NearCodeIsCalledWithoutADetour) {
  ASSERT_TRUE(reserveCodeMemory(4 * kCodePage, sevenAddress()));
  ASSERT_TRUE(codeReach().covers(sevenAddress()));
  const CodePlace p = placeCode({{0xE9, 0, 0, 0, 0}, 5, {{1, sevenAddress()}}});   // jmp
  ASSERT_NE(p.hot, nullptr);
  EXPECT_EQ(reinterpret_cast<int (*)()>(p.hot)(), 7);
  EXPECT_FALSE(codeReach().covers(reinterpret_cast<const void*>(0x10)));
}

// Executable memory. Never writable and executable at once: a range is filled while writable, then sealed.
#pragma once
#include <cstddef>
#include <cstdint>

namespace od {

constexpr size_t kCodePage = 4096, kCodeLine = 64;

bool reserveCodeMemory(size_t bytes);                          // once; address space only
uint8_t* placeCode(const uint8_t* code, size_t bytes);         // a sealed copy, or null: no room
void freeCode(uint8_t* text, size_t bytes);
size_t codeMemoryUsed();
size_t codeMemorySize();
bool isCompiledCode(const void* address);

}  // namespace od

// Executable memory. Never writable and executable at once: a range is filled while writable, then sealed.
#pragma once
#include <cstddef>
#include <cstdint>
#include "emit/machine_code.h"

namespace od {

constexpr size_t kCodePage = 4096, kCodeLine = 64;

bool reserveCodeMemory(size_t bytes, const void* target);      // once; address space only, near `target` if that can be
Reach codeReach();
CodePlace placeCode(const MachineCode& code);                  // a sealed copy in whole cache lines; nowhere: no room
void freeCode(const CodePlace& p);
size_t codeMemoryUsed();
size_t codeMemorySize();
bool isCompiledCode(const void* address);

}  // namespace od

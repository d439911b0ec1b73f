// The variable that asmjit's archive writes assertion messages to; see asmjit.cmake.
#include <cstdio>

extern "C" {
extern FILE* overdrive_asmjit_stderr;
FILE* overdrive_asmjit_stderr = nullptr;
}

namespace {
[[gnu::constructor]] void point_at_stderr() { overdrive_asmjit_stderr = stderr; }
}  // namespace

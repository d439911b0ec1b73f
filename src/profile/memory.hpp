// Allocations by line: CPython's allocator hooks, sampled by bytes so that the cost stays small.
#pragma once
#include <cstdint>

namespace od::profile {

/// Hooks all three allocator domains. `interval`: mean number of bytes between samples. Needs the GIL and a running recorder.
void memory_start(double interval);
/// Takes the hooks away. Needs the GIL.
void memory_stop();

}  // namespace od::profile

// Types by version tag. Inline caches hold versions and borrowed pointers that may have died with the class they came from:
// a pointer is believed only if the class with that version is found alive and still says the same.
#pragma once
#include <Python.h>
#include <cstdint>

namespace od {

// The living type that has this version now, or null (also if looking for it would take too long). Runs no Python code.
PyTypeObject* typeWithVersion(uint32_t version);

}  // namespace od

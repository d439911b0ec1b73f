// Addresses of C routines with conventions of their own that compiled code calls; filled in by install.cpp.
#pragma once
#include "cpython/layout.h"

namespace od {

const void* boxIntAddress();
const void* boxFloatAddress();
const void* unboxIntAddress();
const void* exitStubAddress();

}  // namespace od

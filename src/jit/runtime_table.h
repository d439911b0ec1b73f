// Addresses of C routines with conventions of their own that compiled code calls; filled in by install.cpp.
#pragma once
#include "support/unit.h"
#include "cpython/layout.h"

namespace od {

IntFreeList* intFreeList();
const void* boxIntAddress();
const void* boxFloatAddress();
const void* unboxIntAddress();
const void* deallocAddress();
const void* exitStubAddress();
const void* const* shownHelpers(const Layout& layout);
const void* publishAddress(const Layout& layout);
const void* leaveAddress(const Layout& layout);
const void* askWorldAddress(const Layout& layout);
const void* polyFindAddress();
const void* polyLoadAddress(const Layout& layout);
const void* freeLeafAddress(const Layout& layout);
const void* releaseShownAddress(const Layout& layout);

}  // namespace od

// What this version folder offers to start-up: the layout, the list of symbols, the self-check.
#pragma once
#include <string>
#include "cpython/layout.h"

namespace od {

void fillLayout(Layout& out);      // needs the GIL
std::string missingSymbol();       // name of the first private symbol the interpreter lacks; empty: none
std::string selfCheck();           // what differs between the headers and the running interpreter; empty: nothing

}  // namespace od

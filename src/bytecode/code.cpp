#include "bytecode/code.h"

namespace od {

const char* instName(Inst i) {
  static const char* const names[] = {
#define I(name, cls) #name,
#include "bytecode/instructions.def"
#undef I
  };
  return names[unsigned(i)];
}

InstClass instClass(Inst i) {
  static const InstClass classes[] = {
#define I(name, cls) InstClass::cls,
#include "bytecode/instructions.def"
#undef I
  };
  return classes[unsigned(i)];
}

}  // namespace od

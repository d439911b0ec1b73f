#include "cpython/v313/opcodes.h"

namespace od {

// CPython does not export its table, and the header that defines it is C which C++ cannot read. The bytecode of 3.13 is
// frozen: what is written here holds for every patch level.
int inlineCaches(uint8_t op) {
  switch (op) {
    case BINARY_OP: case BINARY_SUBSCR: case COMPARE_OP: case CONTAINS_OP: case FOR_ITER: case JUMP_BACKWARD:
    case LOAD_SUPER_ATTR: case POP_JUMP_IF_FALSE: case POP_JUMP_IF_NONE: case POP_JUMP_IF_NOT_NONE:
    case POP_JUMP_IF_TRUE: case SEND: case STORE_SUBSCR: case UNPACK_SEQUENCE: return 1;
    case CALL: case TO_BOOL: return 3;
    case LOAD_GLOBAL: case STORE_ATTR: return 4;
    case LOAD_ATTR: return 9;
    default: return 0;
  }
}

bool isPlainCall(uint8_t op) {
  switch (op) {
    case CALL:
    case CALL_PY_EXACT_ARGS:
    case CALL_PY_GENERAL:
    case CALL_BOUND_METHOD_EXACT_ARGS:
    case CALL_BOUND_METHOD_GENERAL:
    case CALL_NON_PY_GENERAL: return true;
    default: return false;
  }
}
bool isCallKw(uint8_t op) { return op == CALL_KW; }
bool checksBreaker(uint8_t op) {
  switch (op) {
    case CALL_BUILTIN_CLASS:
    case CALL_BUILTIN_FAST:
    case CALL_BUILTIN_FAST_WITH_KEYWORDS:
    case CALL_BUILTIN_O:
    case CALL_FUNCTION_EX:
    case CALL_KW:
    case CALL_METHOD_DESCRIPTOR_FAST:
    case CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS:
    case CALL_METHOD_DESCRIPTOR_NOARGS:
    case CALL_METHOD_DESCRIPTOR_O:
    case CALL_STR_1:
    case CALL_TUPLE_1:
    case INSTRUMENTED_CALL:
    case INSTRUMENTED_CALL_KW:
    case INSTRUMENTED_CALL_FUNCTION_EX: return true;
    default: return isPlainCall(op);
  }
}
bool isBackwardJump(uint8_t op) { return op == JUMP_BACKWARD || op == INSTRUMENTED_JUMP_BACKWARD; }
bool isResume(uint8_t op) { return op == RESUME || op == RESUME_CHECK || op == INSTRUMENTED_RESUME; }

bool forEachInstruction(PyCodeObject* code, const std::function<void(const PlainInstruction&)>& visit) {
  PyObject* plain = PyCode_GetCode(code);   // cached by the code object
  if (!plain) return false;
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(PyBytes_AS_STRING(plain));
  uint32_t n = uint32_t(PyBytes_GET_SIZE(plain) / 2), arg = 0;
  for (uint32_t at = 0; at < n;) {
    uint8_t op = bytes[2 * at];
    arg = arg << 8 | bytes[2 * at + 1];
    if (op == EXTENDED_ARG) { at++; continue; }
    visit({at, op, arg});
    arg = 0;
    at += 1 + uint32_t(inlineCaches(op));
  }
  Py_DECREF(plain);
  return true;
}

}  // namespace od

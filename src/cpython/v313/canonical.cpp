// CPython 3.13's instructions as canonical ones.
#include <Python.h>
#include "opcode_ids.h"
#include "cpython/v313/canonical.h"

extern "C" int od_v313_cache_units(int opcode);
extern "C" int od_v313_base_opcode(int opcode);

namespace od::v313 {

int cacheUnits(int opcode) { return od_v313_cache_units(opcode); }
int baseOpcode(int opcode) { return od_v313_base_opcode(opcode); }

Inst canonical(int opcode) {
  switch (opcode) {
#define C(name, inst) case name: return Inst::inst;
    C(NOP, Nop) C(RESUME, Resume) C(LOAD_FAST, LoadFast) C(LOAD_FAST_CHECK, LoadFastCheck)
    C(LOAD_FAST_AND_CLEAR, LoadFastAndClear) C(STORE_FAST, StoreFast) C(DELETE_FAST, DeleteFast) C(LOAD_CONST, LoadConst)
    C(POP_TOP, PopTop) C(PUSH_NULL, PushNull) C(COPY, Copy) C(SWAP, Swap) C(END_FOR, EndFor) C(END_SEND, EndSend)
    C(UNARY_NEGATIVE, UnaryNegative) C(UNARY_NOT, UnaryNot) C(UNARY_INVERT, UnaryInvert) C(TO_BOOL, ToBool)
    C(BINARY_OP, BinaryOp) C(BINARY_SUBSCR, BinarySubscr) C(BINARY_SLICE, BinarySlice) C(STORE_SLICE, StoreSlice)
    C(STORE_SUBSCR, StoreSubscr) C(DELETE_SUBSCR, DeleteSubscr) C(COMPARE_OP, CompareOp) C(IS_OP, IsOp)
    C(CONTAINS_OP, ContainsOp) C(LOAD_ATTR, LoadAttr) C(STORE_ATTR, StoreAttr) C(DELETE_ATTR, DeleteAttr)
    C(LOAD_SUPER_ATTR, LoadSuperAttr) C(LOAD_GLOBAL, LoadGlobal) C(STORE_GLOBAL, StoreGlobal)
    C(DELETE_GLOBAL, DeleteGlobal) C(LOAD_NAME, LoadName) C(STORE_NAME, StoreName) C(DELETE_NAME, DeleteName)
    C(LOAD_LOCALS, LoadLocals) C(LOAD_FROM_DICT_OR_GLOBALS, LoadFromDictOrGlobals)
    C(LOAD_FROM_DICT_OR_DEREF, LoadFromDictOrDeref) C(LOAD_BUILD_CLASS, LoadBuildClass)
    C(SETUP_ANNOTATIONS, SetupAnnotations) C(MAKE_CELL, MakeCell) C(COPY_FREE_VARS, CopyFreeVars) C(LOAD_DEREF, LoadDeref)
    C(STORE_DEREF, StoreDeref) C(DELETE_DEREF, DeleteDeref) C(BUILD_TUPLE, BuildTuple) C(BUILD_LIST, BuildList)
    C(BUILD_SET, BuildSet) C(BUILD_MAP, BuildMap) C(BUILD_CONST_KEY_MAP, BuildConstKeyMap) C(BUILD_STRING, BuildString)
    C(BUILD_SLICE, BuildSlice) C(LIST_APPEND, ListAppend) C(LIST_EXTEND, ListExtend) C(SET_ADD, SetAdd)
    C(SET_UPDATE, SetUpdate) C(DICT_UPDATE, DictUpdate) C(DICT_MERGE, DictMerge) C(MAP_ADD, MapAdd)
    C(UNPACK_SEQUENCE, UnpackSequence) C(UNPACK_EX, UnpackEx) C(GET_ITER, GetIter) C(FOR_ITER, ForIter) C(GET_LEN, GetLen)
    C(MATCH_CLASS, MatchClass) C(MATCH_MAPPING, MatchMapping) C(MATCH_SEQUENCE, MatchSequence) C(MATCH_KEYS, MatchKeys)
    C(JUMP_FORWARD, JumpForward) C(JUMP_BACKWARD, JumpBackward) C(JUMP_BACKWARD_NO_INTERRUPT, JumpBackwardNoInterrupt)
    C(POP_JUMP_IF_FALSE, PopJumpIfFalse) C(POP_JUMP_IF_TRUE, PopJumpIfTrue) C(POP_JUMP_IF_NONE, PopJumpIfNone)
    C(POP_JUMP_IF_NOT_NONE, PopJumpIfNotNone) C(CALL, Call) C(CALL_KW, CallKw) C(CALL_FUNCTION_EX, CallFunctionEx)
    C(CALL_INTRINSIC_1, CallIntrinsic1) C(CALL_INTRINSIC_2, CallIntrinsic2) C(MAKE_FUNCTION, MakeFunction)
    C(SET_FUNCTION_ATTRIBUTE, SetFunctionAttribute) C(CONVERT_VALUE, ConvertValue) C(FORMAT_SIMPLE, FormatSimple)
    C(FORMAT_WITH_SPEC, FormatWithSpec) C(IMPORT_NAME, ImportName) C(IMPORT_FROM, ImportFrom)
    C(LOAD_ASSERTION_ERROR, LoadAssertionError) C(BEFORE_WITH, BeforeWith) C(WITH_EXCEPT_START, WithExceptStart)
    C(PUSH_EXC_INFO, PushExcInfo) C(POP_EXCEPT, PopExcept) C(CHECK_EXC_MATCH, CheckExcMatch)
    C(CHECK_EG_MATCH, CheckEgMatch) C(RERAISE, Reraise) C(RAISE_VARARGS, RaiseVarargs) C(RETURN_VALUE, ReturnValue)
    C(RETURN_CONST, ReturnConst) C(RETURN_GENERATOR, ReturnGenerator) C(YIELD_VALUE, YieldValue) C(SEND, Send)
    C(GET_AWAITABLE, GetAwaitable) C(GET_AITER, GetAiter) C(GET_ANEXT, GetAnext) C(GET_YIELD_FROM_ITER, GetYieldFromIter)
    C(BEFORE_ASYNC_WITH, BeforeAsyncWith) C(END_ASYNC_FOR, EndAsyncFor) C(CLEANUP_THROW, CleanupThrow)
#undef C
    default: return Inst::Unknown;
  }
}

Spec specialisation(int opcode) {
  switch (opcode) {
#define S(name, spec) case name: return Spec::spec;
    S(BINARY_OP_ADD_INT, Int) S(BINARY_OP_SUBTRACT_INT, Int) S(BINARY_OP_MULTIPLY_INT, Int) S(BINARY_OP_ADD_FLOAT, Float)
    S(BINARY_OP_SUBTRACT_FLOAT, Float) S(BINARY_OP_MULTIPLY_FLOAT, Float) S(BINARY_OP_ADD_UNICODE, Str)
    S(BINARY_OP_INPLACE_ADD_UNICODE, Str) S(COMPARE_OP_INT, Int) S(COMPARE_OP_FLOAT, Float) S(COMPARE_OP_STR, Str)
    S(TO_BOOL_BOOL, Bool) S(TO_BOOL_INT, Int) S(TO_BOOL_LIST, List) S(TO_BOOL_NONE, NoneType) S(TO_BOOL_STR, Str)
    S(TO_BOOL_ALWAYS_TRUE, AlwaysTrue) S(BINARY_SUBSCR_LIST_INT, ListInt) S(BINARY_SUBSCR_TUPLE_INT, TupleInt)
    S(BINARY_SUBSCR_STR_INT, StrInt) S(BINARY_SUBSCR_DICT, Dict) S(BINARY_SUBSCR_GETITEM, GetItem)
    S(STORE_SUBSCR_LIST_INT, ListInt) S(STORE_SUBSCR_DICT, Dict) S(UNPACK_SEQUENCE_TUPLE, Tuple)
    S(UNPACK_SEQUENCE_TWO_TUPLE, TwoTuple) S(UNPACK_SEQUENCE_LIST, List) S(LOAD_ATTR_INSTANCE_VALUE, InstanceValue)
    S(LOAD_ATTR_MODULE, ModuleAttr) S(LOAD_ATTR_WITH_HINT, WithHint) S(LOAD_ATTR_SLOT, Slot) S(LOAD_ATTR_CLASS, ClassAttr)
    S(LOAD_ATTR_PROPERTY, Property) S(LOAD_ATTR_METHOD_WITH_VALUES, MethodWithValues) S(LOAD_ATTR_METHOD_NO_DICT, MethodNoDict)
    S(LOAD_ATTR_METHOD_LAZY_DICT, MethodLazyDict) S(LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES, NondescriptorWithValues)
    S(LOAD_ATTR_NONDESCRIPTOR_NO_DICT, NondescriptorNoDict) S(STORE_ATTR_INSTANCE_VALUE, InstanceValue)
    S(STORE_ATTR_SLOT, Slot) S(STORE_ATTR_WITH_HINT, WithHint) S(LOAD_GLOBAL_MODULE, GlobalModule)
    S(LOAD_GLOBAL_BUILTIN, GlobalBuiltin) S(CALL_PY_EXACT_ARGS, PyExact) S(CALL_BOUND_METHOD_EXACT_ARGS, BoundExact)
    S(CALL_PY_GENERAL, PyGeneral) S(CALL_BOUND_METHOD_GENERAL, BoundGeneral) S(CALL_ALLOC_AND_ENTER_INIT, AllocInit)
    S(CALL_TYPE_1, Type1) S(CALL_STR_1, Str1) S(CALL_TUPLE_1, Tuple1) S(CALL_BUILTIN_CLASS, BuiltinClass)
    S(CALL_BUILTIN_O, BuiltinO) S(CALL_BUILTIN_FAST, BuiltinFast) S(CALL_BUILTIN_FAST_WITH_KEYWORDS, BuiltinFastKw)
    S(CALL_LEN, Len) S(CALL_ISINSTANCE, IsInstance) S(CALL_LIST_APPEND, ListAppend) S(CALL_METHOD_DESCRIPTOR_O, MethodO)
    S(CALL_METHOD_DESCRIPTOR_FAST, MethodFast) S(CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS, MethodFastKw)
    S(CALL_METHOD_DESCRIPTOR_NOARGS, MethodNoArgs) S(CALL_NON_PY_GENERAL, NonPy) S(FOR_ITER_RANGE, Range)
    S(FOR_ITER_LIST, List) S(FOR_ITER_TUPLE, Tuple) S(FOR_ITER_GEN, Generator) S(CONTAINS_OP_SET, Set)
    S(CONTAINS_OP_DICT, Dict) S(LOAD_SUPER_ATTR_ATTR, SuperAttr) S(LOAD_SUPER_ATTR_METHOD, SuperMethod)
#undef S
    default: return Spec::None;
  }
}

}  // namespace od::v313

// A snapshot of code: everything the compiler wants to know of live objects, read once on a Python thread into plain
// data. From here on compilation is pure.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include "ir/ir.h"
#include "ir/types.h"
#include "support/unit.h"

namespace od {

enum class Inst : uint8_t {
#define I(name, cls) name,
#include "bytecode/instructions.def"
#undef I
  Count
};
enum class InstClass : uint8_t { Plain, Jump, CondJump, Leave, Suspend, Handler };
const char* instName(Inst i);
InstClass instClass(Inst i);

// What the interpreter's inline cache had learnt about an instruction.
enum class Spec : uint8_t {
  None, Never /* executed never or too seldom to be specialised */,
  Int, Float, Str,                                   // both operands (BinaryOp, CompareOp); ToBool
  Bool, List, NoneType, AlwaysTrue,                  // ToBool
  ListInt, TupleInt, StrInt, Dict, GetItem,          // subscripts
  Tuple, TwoTuple,                                   // UnpackSequence (List too)
  InstanceValue, ModuleAttr, WithHint, Slot, ClassAttr, Property, MethodWithValues, MethodNoDict, MethodLazyDict,
  NondescriptorWithValues, NondescriptorNoDict,      // LoadAttr, StoreAttr
  GlobalModule, GlobalBuiltin,                       // LoadGlobal
  PyExact, BoundExact, PyGeneral, BoundGeneral, AllocInit, Type1, Str1, Tuple1, BuiltinClass, BuiltinO, BuiltinFast, BuiltinFastKw,
  Len, IsInstance, ListAppend, MethodO, MethodFast, MethodFastKw, MethodNoArgs, NonPy,  // Call
  Range, Generator,                                  // ForIter (List, Tuple too)
  Set,                                               // ContainsOp (Dict too)
  SuperAttr, SuperMethod,
};

struct Feedback {
  Spec spec = Spec::None;
  uint32_t typeVersion = 0;   // of the owner (attributes), of the class (AllocInit)
  uint32_t keysVersion = 0;   // shared keys (methods, attributes), namespace keys (globals, modules)
  uint32_t keysVersion2 = 0;  // builtins
  uint32_t index = 0;         // index of a value, byte offset of a slot, byte offset of a namespace entry from its keys object
  const void* object = nullptr;  // descriptor, method, fget, callee, or the value found in a namespace
  uint16_t branches = 0;      // conditional jumps: the latest 16 outcomes, 1 = jumped
  uint32_t lhsKinds = 0, rhsKinds = 0, samples = 0;  // seen by our own generic helpers
  const void* site = nullptr;                        // PolySite, where one is wanted
  bool methods = false;                              // calls: of bound methods, as our own helper has learnt
  bool varied = false;                               // attributes and calls: several classes or callees have been met
  const void* profileSlot = nullptr;                 // where those helpers count
};

struct Instr {
  Inst op = Inst::Nop;
  bool split = false;     // not the last canonical instruction of its CPython instruction: no exit may resume behind it
  uint32_t at = 0;        // offset of the CPython instruction's opcode unit (what instr_ptr shows)
  uint32_t start = 0;     // offset of its first EXTENDED_ARG: where re-execution begins
  uint32_t next = 0;      // offset behind its caches
  int32_t arg = 0;
  uint32_t target = 0;    // jumps; ForIter: where control goes when the iterator is exhausted
  Feedback fb;
};

struct FunctionInfo {
  const void* function = nullptr;
  const void* code = nullptr;
  CodeCell* cell = nullptr;
  uint32_t argcount = 0, flags = 0, kwonly = 0, framesize = 0, defaults = 0;
  bool simple = false;    // optimised code, plain positional parameters, no generator
  std::vector<const void*> parameters;   // names, null where none may be given; only where the unit passes keywords
};

enum class KnownCallable : uint8_t { None, Len, IsInstance, Range, Abs, Ord, Chr, Min, Max, Int, Float, ListAppend, Sqrt };

// How a C function takes its arguments.
enum class CSignature : uint8_t { None, NoArgs, One, Fast, Vector };

struct CFunction {
  CSignature signature = CSignature::None;
  const void* address = nullptr;
  const void* self = nullptr;   // BuiltinFn: what it is bound to, if anything
  const void* type = nullptr;   // MethodDescr: the class whose instances it takes
};

struct ObjectInfo {
  Kind kind = Kind::Other;
  bool immortal = false;
  bool keptAlive = false;      // the unit holds a reference: its address is its identity
  KnownCallable known = KnownCallable::None;
  FunctionInfo function;       // kind Function
  CFunction c;                 // BuiltinFn, MethodDescr, classes with a vectorcall
  int64_t intValue = 0;        // Int
  bool fitsInt = false;
  double floatValue = 0;       // Float
  uint32_t versionTag = 0;     // classes
  const void* callee = nullptr;   // classes: what their __init__ is; methods: their function
  uint32_t basicSize = 0;
};

// A row of the exception table: instructions in [start, end) go to `target` with the stack cut to `depth`, then the
// offset of the raising instruction if `lasti`, then the exception.
struct HandlerRange {
  uint32_t start, end, target, depth;
  bool lasti;
};

struct Snapshot {
  UnitKind kind = UnitKind::Function;
  bool generic = false;         // no speculation
  bool dumpBytecode = false, dumpIr = false, dumpAsm = false;
  uint32_t entryPc = 0, entryDepth = 0;
  const void* code = nullptr;
  uint64_t codeBase = 0;
  std::string name;             // qualified name
  std::string filename;
  uint32_t firstLine = 0;
  uint32_t nlocalsplus = 0, stacksize = 0, framesize = 0, argcount = 0 /* all parameters */, flags = 0, size = 0 /* code units */;
  uint32_t ncellvars = 0, nfreevars = 0;
  std::vector<Instr> instrs;                  // by offset, each CPython instruction's canonical ones in a row
  std::vector<int32_t> at;                    // code unit offset -> index of the first Instr whose start or at is there, or -1
  std::vector<HandlerRange> handlers;
  std::vector<const void*> consts, names;
  const void* globals = nullptr;              // dict; null: unknown
  const void* builtins = nullptr;
  const void* assertionError = nullptr;
  std::unordered_map<const void*, ObjectInfo> objects;
  std::vector<Kind> entryKinds;               // kinds of the frame's slots seen at the moment (Count: unknown, Null: unset)
  std::unordered_map<const void*, std::vector<const void*>> keywords;   // tuples behind CallKw: their names
  std::vector<const void*> held;              // references the snapshot holds: dropped on a Python thread
  // guesses that failed too often: (offset << 16 | reason row)
  std::vector<uint64_t> failed;
  bool failedGuess(uint32_t at, uint16_t reason) const {
    for (uint64_t f : failed) if (f == (uint64_t(at) << 16 | reason)) return true;
    return false;
  }
  const ObjectInfo* object(const void* p) const {
    auto it = objects.find(p);
    return it == objects.end() ? nullptr : &it->second;
  }
};

}  // namespace od

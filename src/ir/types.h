// The type lattice: which exact builtin types an object may have, and how a value is represented.
//
// A Type is a set of kinds (a bit each). Every kind but Other is an *exact* builtin type, so membership can never be lost:
// CPython refuses `__class__` assignment on them. Other stands for everything else (subclasses, heap types, unknown
// extension types). What is known of a heap type (its version tag) is not part of the lattice: unknown code can
// invalidate it, so the builder tracks it apart, as a fact that ends at the next call-out.
#pragma once
#include <cstdint>
#include <string>

namespace od {

// How a value sits in a register.
enum class Rep : uint8_t {
  None,  // no value
  Obj,   // PyObject*, may be null only if its type has Kind::Null
  I64,   // exact Python int that fits in 64 bits, or a raw machine word (address, index, size)
  F64,   // exact Python float, unboxed
  Bool,  // 0 or 1 in a 64-bit register; stands for False or True
};

// KIND(name, python type, leaf): leaf = destroying an instance runs no code but the allocator's.
#define OD_KINDS(KIND)                      \
  KIND(Null, "null", true)                  \
  KIND(None, "NoneType", true)              \
  KIND(Bool, "bool", true)                  \
  KIND(Int, "int", true)                    \
  KIND(Float, "float", true)                \
  KIND(Complex, "complex", true)            \
  KIND(Str, "str", true)                    \
  KIND(Bytes, "bytes", true)                \
  KIND(Tuple, "tuple", false)               \
  KIND(List, "list", false)                 \
  KIND(Dict, "dict", false)                 \
  KIND(Set, "set", false)                   \
  KIND(FrozenSet, "frozenset", false)       \
  KIND(ByteArray, "bytearray", false)       \
  KIND(Slice, "slice", false)               \
  KIND(Range, "range", true)                \
  KIND(RangeIter, "range_iterator", true)   \
  KIND(ListIter, "list_iterator", false)    \
  KIND(TupleIter, "tuple_iterator", false)  \
  KIND(Function, "function", false)         \
  KIND(Method, "method", false)             \
  KIND(BuiltinFn, "builtin_function_or_method", false) \
  KIND(MethodDescr, "method_descriptor", false)        \
  KIND(Class, "type", false)                \
  KIND(Module, "module", false)             \
  KIND(Cell, "cell", false)                 \
  KIND(Generator, "generator", false)       \
  KIND(Code, "code", false)                 \
  KIND(Other, "other", false)

enum class Kind : uint8_t {
#define KIND(name, py, leaf) name,
  OD_KINDS(KIND)
#undef KIND
  Count
};

struct Type {
  uint32_t mask = 0;  // bit k: may be Kind k; 0 = unreachable
  constexpr Type() = default;
  constexpr explicit Type(uint32_t m) : mask(m) {}
  constexpr Type(Kind k) : mask(1u << unsigned(k)) {}  // NOLINT: a kind is the type of exactly that kind
  static constexpr uint32_t kAll = (1u << unsigned(Kind::Count)) - 1;
  static constexpr Type object() { return Type(kAll & ~1u); }   // any object
  static constexpr Type nullable() { return Type(kAll); }       // any object or null
  constexpr Type operator|(Type o) const { return Type(mask | o.mask); }
  constexpr Type operator&(Type o) const { return Type(mask & o.mask); }
  constexpr bool operator==(Type o) const { return mask == o.mask; }
  constexpr bool within(Type o) const { return mask && (mask & ~o.mask) == 0; }
  constexpr bool is(Kind k) const { return mask == (1u << unsigned(k)); }
  constexpr bool may(Kind k) const { return (mask >> unsigned(k)) & 1; }
  constexpr bool mayBeNull() const { return mask & 1; }
  constexpr bool isLeaf() const;  // releasing the last reference runs no unknown code
  // The single kind, or Kind::Count if there is not exactly one.
  constexpr Kind single() const {
    return mask && (mask & (mask - 1)) == 0 ? Kind(__builtin_ctz(mask)) : Kind::Count;
  }
};

constexpr uint32_t leafMask() {
  uint32_t m = 0;
#define KIND(name, py, leaf) m |= uint32_t(leaf) << unsigned(Kind::name);
  OD_KINDS(KIND)
#undef KIND
  return m;
}
constexpr bool Type::isLeaf() const { return (mask & ~leafMask()) == 0; }

// What an unboxed local holds while it is unbound, where a loop or a merge carries it unboxed all the same. The int is kept
// out of such locals by a guard; the float is a signalling NaN that no operation produces.
constexpr int64_t kUnboundInt = INT64_MIN;
constexpr int64_t kUnboundFloat = 0x7ff4'0dea'd10c'a1e5;

const char* kindName(Kind k);
const char* repName(Rep r);
std::string typeName(Type t);  // "int|float", "object", "object?" (may be null)

}  // namespace od

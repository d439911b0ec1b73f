// The C functions that compiled code calls, declared from helpers.def: a row's letters are its C signature.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include "cpython/v313/internal_helpers.h"
#include "support/helper_rows.h"
#include "support/poly_site.h"
#include "support/type_profile.h"
#include "support/unit.h"

namespace od {

// Once, before the first helper runs. False: an exception is set.
bool initHelpers();

// Addresses by Helper, for the emitter.
const void* const* helperTable();

// Calls of functions that compiled code stands behind, set by the runtime (null: PyObject_Vectorcall is used instead).
// Asked while no other evaluator is installed (PEP 523). As
// for CPython's inlined calls, the references to func, to the n positional arguments and to the keyword values behind
// them move into the new frame, and are gone on return whether it succeeds or not; kwnames (a tuple or null) stays
// borrowed. args may lie on the C stack, with one spare word before it. kNativeDeclined: the hook has touched nothing.
using NativeCall = PyObject* (*)(PyThreadState*, PyFunctionObject* func, PyObject** args, Py_ssize_t n,
                                 PyObject* kwnames);
inline PyObject* const kNativeDeclined = reinterpret_cast<PyObject*>(1);
extern NativeCall od_native_call;

// tp_iternext of generators, if it is ours (else null).
extern PyObject* (*od_resume)(PyThreadState* ts, PyObject* generator);

// Called once for each slot, at kLearnt executions; set by the runtime.
extern void (*od_types_learnt)(TypeProfile* slot);
extern void (*od_methods_learnt)(PolySite* site);   // called where nothing may happen but taking note

// The cell of a code object, created on demand; set by the runtime.
extern CodeCell* (*od_cell_for)(PyCodeObject* code);

namespace helper {

template <size_t N>
struct Letters {
  char at[N];
  constexpr Letters(const char (&s)[N]) {  // NOLINT: a string literal as template argument
    for (size_t i = 0; i < N; i++) at[i] = s[i];
  }
};

template <class R, class... Ps>
struct Build {
  template <Letters L, size_t I>
  static constexpr auto from() {
    constexpr char c = L.at[I];
    if constexpr (c == 0) return static_cast<R (*)(Ps...)>(nullptr);
    else if constexpr (c == 'i') return Build<R, Ps..., int64_t>::template from<L, I + 1>();
    else if constexpr (c == 'd') return Build<R, Ps..., double>::template from<L, I + 1>();
    else if constexpr (c == '*') return Build<R, Ps..., PyObject**, int64_t>::template from<L, I + 1>();
    else return Build<R, Ps..., PyObject*>::template from<L, I + 1>();
  }
};

using Obj = PyObject*;
using Nul = PyObject*;
using I64 = int64_t;
using F64 = double;
using Non = void;
inline constexpr unsigned O = 1, F = 2;

template <class R, Letters L, unsigned effects>
constexpr auto signature() {
  if constexpr (effects & F) return Build<R, PyThreadState*, _PyInterpreterFrame*>::template from<L, 0>();
  else return Build<R>::template from<L, 0>();
}

#define H(name, args, result, failure, effects, doc) \
  std::remove_pointer_t<decltype(signature<result, args, (effects)>())> name;
#include "support/helpers.def"
#undef H

}  // namespace helper
}  // namespace od

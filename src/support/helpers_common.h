// Shared by the helpers_*.cpp files only.
#pragma once
#include "support/helpers.h"
#include "support/type_profile.h"

namespace od::helper {

// Interned strings. Not _Py_ID: its place in _PyRuntime differs between patch levels.
#define OD_NAMES(N)                                                                                          \
  N(send) N(__init__) N(__enter__) N(__exit__) N(__name__) N(__spec__) N(__import__) N(__build_class__) N(__annotations__)      \
  N(has_location) N(name) N(obj) N(origin) N(_initializing)
struct Names {
#define N(s) PyObject* s;
  OD_NAMES(N)
#undef N
};
extern Names names;
extern PyObject* emptyString;
extern PyCFunction builtinImport;        // the C function behind the builtin __import__; null if it was replaced
extern initproc pythonInit;              // tp_init of classes that have or inherit an __init__ of Python's
extern vectorcallfunc pythonVectorcall;  // what CPython puts into a new function

inline bool isPlainEval(PyThreadState* ts) {
  return _PyInterpreterState_GetEvalFrameFunc(ts->interp) == _PyEval_EvalFrameDefault;
}

// Enters a plain Python function with references of its own to func and the n arguments, as PyObject_Vectorcall would.
// The word before args is free. kNativeDeclined: it is something else, and nothing has been done.
PyObject* callSharing(PyObject* func, PyObject** args, Py_ssize_t n);

// References given up as the interpreter's DECREF_INPUTS does for an array (from the last to the first).
inline void dropBackwards(PyObject** items, int64_t count) {
  for (int64_t i = count; --i >= 0;) Py_DECREF(items[i]);
}

template <class... Objects>
inline void drop(Objects... o) { (Py_DECREF(o), ...); }

inline PyObject** words(int64_t address) { return reinterpret_cast<PyObject**>(address); }

inline void note(int64_t slot, PyObject* lhs, PyObject* rhs) {
  if (!slot) return;
  auto* p = reinterpret_cast<TypeProfile*>(slot);
  p->lhs |= 1u << unsigned(kindOf(Py_TYPE(lhs)));
  p->rhs |= 1u << unsigned(kindOf(Py_TYPE(rhs)));
  p->count += p->count != UINT32_MAX;
  if (p->count == kLearnt && od_types_learnt) od_types_learnt(p);
}

inline bool isCompact(PyObject* v) { return _PyLong_IsCompact(reinterpret_cast<PyLongObject*>(v)); }
inline Py_ssize_t compactValue(PyObject* v) { return _PyLong_CompactValue(reinterpret_cast<PyLongObject*>(v)); }

// Hash of an exact str: cached, or computed (which cannot fail).
inline Py_hash_t strHash(PyObject* s) {
  const Py_hash_t h = reinterpret_cast<PyASCIIObject*>(s)->hash;
  return h != -1 ? h : PyObject_Hash(s);
}

inline Py_ssize_t keyIndex(const PyDictKeysObject* keys, size_t i) {
  switch (keys->dk_log2_index_bytes - keys->dk_log2_size) {
    case 0: return reinterpret_cast<const int8_t*>(keys->dk_indices)[i];
    case 1: return reinterpret_cast<const int16_t*>(keys->dk_indices)[i];
    case 2: return reinterpret_cast<const int32_t*>(keys->dk_indices)[i];
    default: return reinterpret_cast<const int64_t*>(keys->dk_indices)[i];
  }
}

// Value of an exact str key, borrowed; null if it is absent, or if the dict has other keys than exact strs. Runs no
// Python code.
inline PyObject* probe(PyObject* dict, PyObject* key) {
  auto* d = reinterpret_cast<PyDictObject*>(dict);
  PyDictKeysObject* keys = d->ma_keys;
  if (keys->dk_kind == DICT_KEYS_GENERAL) return nullptr;
  const Py_hash_t hash = strHash(key);
  const size_t mask = (size_t(1) << keys->dk_log2_size) - 1;
  PyDictUnicodeEntry* entries = DK_UNICODE_ENTRIES(keys);
  size_t perturb = size_t(hash);
  for (size_t i = perturb & mask;; perturb >>= 5, i = (i * 5 + perturb + 1) & mask) {
    const Py_ssize_t at = keyIndex(keys, i);
    if (at == DKIX_EMPTY) return nullptr;
    if (at < 0) continue;
    PyObject* k = entries[at].me_key;
    if (k == key || (reinterpret_cast<PyASCIIObject*>(k)->hash == hash && _PyUnicode_Equal(k, key)))
      return keys->dk_kind == DICT_KEYS_SPLIT ? d->ma_values->values[at] : entries[at].me_value;
  }
}

template <class T>
inline bool ordered(T a, T b, int64_t op) {
  switch (op) {
    case Py_LT: return a < b;
    case Py_LE: return a <= b;
    case Py_EQ: return a == b;
    case Py_NE: return a != b;
    case Py_GT: return a > b;
    default: return a >= b;
  }
}

}  // namespace od::helper

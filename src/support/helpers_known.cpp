// Operations on values whose exact types are known. None of them runs any Python code.
#include "support/helpers_common.h"
#include <cmath>

namespace od::helper {
namespace {

PyLongObject* asLong(PyObject* v) { return reinterpret_cast<PyLongObject*>(v); }

// Comparison of magnitudes |v| and |d| where |v| >= 2**30 and d is finite: -1, 0 or 1.
int compareMagnitude(PyLongObject* v, double d) {
  int exponent;  // |d| = fraction * 2**exponent, 1/2 <= fraction < 1
  const double fraction = std::frexp(std::fabs(d), &exponent);
  const Py_ssize_t digits = _PyLong_DigitCount(v);
  const digit* at = v->long_value.ob_digit;
  const int64_t bits = int64_t(digits - 1) * PyLong_SHIFT + (32 - __builtin_clz(at[digits - 1]));
  if (bits != (d == 0.0 ? 0 : exponent)) return d != 0.0 && bits < exponent ? -1 : 1;
  // As many bits in front of the point: peel the double off digit by digit, from the top. Every step is exact.
  double rest = std::ldexp(fraction, int((bits - 1) % PyLong_SHIFT) + 1);
  for (Py_ssize_t i = digits; --i >= 0;) {
    const digit top = digit(rest);
    if (at[i] != top) return at[i] < top ? -1 : 1;
    rest = std::ldexp(rest - top, PyLong_SHIFT);
  }
  return rest > 0.0 ? -1 : 0;
}

// Sign of v - d for a finite d.
int compareIntFloat(PyObject* v, double d) {
  PyLongObject* n = asLong(v);
  if (_PyLong_IsCompact(n)) {
    const double x = double(_PyLong_CompactValue(n));
    return (x > d) - (x < d);
  }
  const bool negative = _PyLong_IsNegative(n);
  if (negative != (d < 0)) return negative ? -1 : 1;
  const int m = compareMagnitude(n, d);
  return negative ? -m : m;
}

}  // namespace

PyObject* long_add(PyObject* a, PyObject* b) { return _PyLong_Add(asLong(a), asLong(b)); }
PyObject* long_sub(PyObject* a, PyObject* b) { return _PyLong_Subtract(asLong(a), asLong(b)); }
PyObject* long_mul(PyObject* a, PyObject* b) { return _PyLong_Multiply(asLong(a), asLong(b)); }

PyObject* long_binary(PyObject* a, PyObject* b, int64_t kind) { return _PyEval_BinaryOps[kind](a, b); }

int64_t long_compare(PyObject* a, PyObject* b, int64_t op) {
  if (isCompact(a) && isCompact(b)) return ordered(compactValue(a), compactValue(b), op);
  return PyLong_Type.tp_richcompare(a, b, int(op)) == Py_True;
}

double long_to_float(PyObject* v) {
  const double d = PyLong_AsDouble(v);
  if (d == -1.0 && PyErr_Occurred()) PyErr_Clear();  // excluded by the caller
  return d;
}

int64_t int_float_compare(PyObject* v, double d, int64_t op) {
  if (std::isnan(d)) return op == Py_NE;
  if (std::isinf(d)) return ordered(0, d > 0 ? 1 : -1, op);
  return ordered(compareIntFloat(v, d), 0, op);
}

double float_pow(double a, double b) { return std::pow(a, b); }

double float_mod(double a, double b) {
  const double m = std::fmod(a, b);
  if (m == 0.0) return std::copysign(0.0, b);
  return (b < 0) != (m < 0) ? m + b : m;
}

// a - fmod(a, b) is a multiple of b but for rounding, so the quotient is near an integer: take the nearest.
double float_floordiv(double a, double b) {
  const double m = std::fmod(a, b);
  double q = (a - m) / b;
  if (m != 0.0 && (b < 0) != (m < 0)) q -= 1.0;
  if (q == 0.0) return std::copysign(0.0, a / b);
  const double down = std::floor(q);
  return q - down > 0.5 ? down + 1.0 : down;
}

int64_t str_equal(PyObject* a, PyObject* b) { return a == b || _PyUnicode_Equal(a, b); }

int64_t str_compare(PyObject* a, PyObject* b, int64_t op) { return ordered(PyUnicode_Compare(a, b), 0, op); }

PyObject* str_concat(PyObject* a, PyObject* b) { return PyUnicode_Concat(a, b); }

PyObject* str_append(PyObject* a, PyObject* b) {
  PyUnicode_Append(&a, b);
  return a;
}

PyObject* str_index(PyObject* s, int64_t i) {
  if (i >= PyUnicode_GET_LENGTH(s)) return nullptr;
  PyObject* r = PyUnicode_FromOrdinal(int(PyUnicode_READ_CHAR(s, i)));
  if (!r) PyErr_Clear();  // no memory: the caller goes the long way round, and meets it there
  return r;
}

PyObject* list_getslice(PyObject* list, int64_t from, int64_t to) { return PyList_GetSlice(list, from, to); }

PyObject* dict_get_str(PyObject* dict, PyObject* key) { return Py_XNewRef(probe(dict, key)); }

void insert_inline_value(PyObject* owner, int64_t index, PyObject* value) {
  PyDictValues* values = _PyObject_InlineValues(owner);
  values->values[index] = value;
  _PyDictValues_AddToInsertionOrder(values, index);
}

PyObject* new_object(PyObject* cls) { return PyType_GenericAlloc(reinterpret_cast<PyTypeObject*>(cls), 0); }

PyObject* object_alloc_list(int64_t n) {
  PyObject* list = PyList_New(n);
  if (!list) return nullptr;
  for (int64_t i = 0; i < n; i++) PyList_SET_ITEM(list, i, Py_None);  // None is immortal
  return list;
}

}  // namespace od::helper

// Operators, comparisons, truth and subscripts: the generic form of each instruction. The fast paths take only exact
// builtin types, for which the generic path comes to the same result without running any code of the program's.
#include "support/helpers_common.h"
#include "opcode.h"  // NB_*

namespace od::helper {
namespace {

// Truth of a value whose reference is kept; 2: its class decides.
inline int64_t quickTruth(PyObject* v) {
  if (v == Py_True) return 1;
  if (v == Py_False || v == Py_None) return 0;
  PyTypeObject* t = Py_TYPE(v);
  if (t == &PyLong_Type) return !_PyLong_IsZero(reinterpret_cast<PyLongObject*>(v));
  if (t == &PyUnicode_Type) return PyUnicode_GET_LENGTH(v) != 0;
  if (t == &PyList_Type || t == &PyTuple_Type || t == &PyBytes_Type) return Py_SIZE(v) != 0;
  if (t == &PyDict_Type) return PyDict_GET_SIZE(v) != 0;
  if (t == &PySet_Type || t == &PyFrozenSet_Type) return PySet_GET_SIZE(v) != 0;
  if (t == &PyFloat_Type) return PyFloat_AS_DOUBLE(v) != 0.0;
  const bool asks = (t->tp_as_number && t->tp_as_number->nb_bool) || (t->tp_as_mapping && t->tp_as_mapping->mp_length) ||
                    (t->tp_as_sequence && t->tp_as_sequence->sq_length);
  return asks ? 2 : 1;
}

inline int64_t truth(PyObject* v) {
  const int64_t quick = quickTruth(v);
  return quick < 2 ? quick : PyObject_IsTrue(v);
}

// Comparison of two exact compact ints or two exact floats: 0, 1, or -1 if they are something else.
inline int quickCompare(PyObject* a, PyObject* b, int64_t op) {
  PyTypeObject* t = Py_TYPE(a);
  if (t != Py_TYPE(b)) return -1;
  if (t == &PyLong_Type) return isCompact(a) && isCompact(b) ? ordered(compactValue(a), compactValue(b), op) : -1;
  if (t == &PyFloat_Type) return ordered(PyFloat_AS_DOUBLE(a), PyFloat_AS_DOUBLE(b), op);
  if (t == &PyUnicode_Type && (op == Py_EQ || op == Py_NE)) return _PyUnicode_Equal(a, b) ^ (op == Py_NE);
  return -1;
}

// Index into a sequence of n items from an exact int, or -1.
inline Py_ssize_t quickIndex(PyObject* key, Py_ssize_t n) {
  if (!PyLong_CheckExact(key) || !isCompact(key)) return -1;
  Py_ssize_t i = compactValue(key);
  if (i < 0) i += n;
  return i < n ? i : -1;
}

// Null: the general way decides.
PyObject* quickItem(PyObject* container, PyObject* key) {
  PyTypeObject* t = Py_TYPE(container);
  if (t == &PyList_Type) {
    const Py_ssize_t i = quickIndex(key, PyList_GET_SIZE(container));
    if (i >= 0) return Py_NewRef(PyList_GET_ITEM(container, i));
  } else if (t == &PyTuple_Type) {
    const Py_ssize_t i = quickIndex(key, PyTuple_GET_SIZE(container));
    if (i >= 0) return Py_NewRef(PyTuple_GET_ITEM(container, i));
  } else if (t == &PyDict_Type && PyUnicode_CheckExact(key)) {
    return Py_XNewRef(probe(container, key));
  }
  return nullptr;
}

PyObject* subscript(PyObject* container, PyObject* key) {
  PyMappingMethods* m = Py_TYPE(container)->tp_as_mapping;
  if (m && m->mp_subscript) return m->mp_subscript(container, key);
  return PyObject_GetItem(container, key);
}

// A slice that owns start and stop; if it cannot be made they are given up.
PyObject* takeSlice(PyObject* start, PyObject* stop) {
  PyObject* slice = PySlice_New(start, stop, nullptr);
  drop(start, stop);
  return slice;
}

// These two answer whether they knew the operation; *r is null if memory ran out.
inline bool quickFloat(double a, double b, int64_t kind, PyObject** r) {
  switch (kind) {
    case NB_ADD: case NB_INPLACE_ADD: a += b; break;
    case NB_SUBTRACT: case NB_INPLACE_SUBTRACT: a -= b; break;
    case NB_MULTIPLY: case NB_INPLACE_MULTIPLY: a *= b; break;
    case NB_TRUE_DIVIDE: case NB_INPLACE_TRUE_DIVIDE:
      if (b == 0.0) return false;
      a /= b;
      break;
    default: return false;
  }
  *r = PyFloat_FromDouble(a);
  return true;
}

inline bool quickLong(PyObject* a, PyObject* b, int64_t kind, PyObject** r) {
  auto *x = reinterpret_cast<PyLongObject*>(a), *y = reinterpret_cast<PyLongObject*>(b);
  switch (kind) {
    case NB_ADD: case NB_INPLACE_ADD: *r = _PyLong_Add(x, y); return true;
    case NB_SUBTRACT: case NB_INPLACE_SUBTRACT: *r = _PyLong_Subtract(x, y); return true;
    case NB_MULTIPLY: case NB_INPLACE_MULTIPLY: *r = _PyLong_Multiply(x, y); return true;
    default: return false;
  }
}

inline bool quickBinary(PyObject* a, PyObject* b, int64_t kind, PyObject** r) {
  PyTypeObject* t = Py_TYPE(a);
  if (t != Py_TYPE(b)) return false;
  if (t == &PyLong_Type) return quickLong(a, b, kind, r);
  if (t == &PyFloat_Type) return quickFloat(PyFloat_AS_DOUBLE(a), PyFloat_AS_DOUBLE(b), kind, r);
  return false;
}

}  // namespace

PyObject* binary_op(PyObject* a, PyObject* b, int64_t kind, int64_t profile) {
  note(profile, a, b);
  PyObject* r;
  if (!quickBinary(a, b, kind, &r)) r = _PyEval_BinaryOps[kind](a, b);
  drop(a, b);
  return r;
}

PyObject* unary_negative(PyObject* v) {
  PyObject* r = PyNumber_Negative(v);
  Py_DECREF(v);
  return r;
}

PyObject* unary_invert(PyObject* v) {
  PyObject* r = PyNumber_Invert(v);
  Py_DECREF(v);
  return r;
}

int64_t quick_truth(PyObject* v) { return quickTruth(v); }

int64_t is_true(PyObject* v) {
  const int64_t r = truth(v);
  Py_DECREF(v);
  return r;
}

PyObject* compare(PyObject* a, PyObject* b, int64_t op, int64_t profile) {
  note(profile, a, b);
  const int quick = quickCompare(a, b, op);
  PyObject* r = quick >= 0 ? (quick ? Py_True : Py_False) : PyObject_RichCompare(a, b, int(op));
  drop(a, b);
  return r;
}

int64_t compare_bool(PyObject* a, PyObject* b, int64_t op, int64_t profile) {
  note(profile, a, b);
  const int quick = quickCompare(a, b, op);
  if (quick >= 0) {
    drop(a, b);
    return quick;
  }
  PyObject* r = PyObject_RichCompare(a, b, int(op));
  drop(a, b);
  return r ? is_true(r) : -1;
}

namespace {
// As tuples compare: their first items that differ decide.
PyObject* compareTuples(PyObject* const* a, Py_ssize_t na, PyObject* const* b, Py_ssize_t nb, int op) {
  const Py_ssize_t both = std::min(na, nb);
  for (Py_ssize_t i = 0; i < both; i++) {
    if (a[i] == b[i]) continue;
    const int quick = quickCompare(a[i], b[i], Py_EQ);
    const int same = quick >= 0 ? quick : PyObject_RichCompareBool(a[i], b[i], Py_EQ);
    if (same < 0) return nullptr;
    if (same) continue;
    if (op == Py_EQ || op == Py_NE) return op == Py_NE ? Py_True : Py_False;
    const int known = quickCompare(a[i], b[i], op);
    return known < 0 ? PyObject_RichCompare(a[i], b[i], op) : known ? Py_True : Py_False;
  }
  return ordered(na, nb, op) ? Py_True : Py_False;
}
}  // namespace

PyObject* compare_items(PyObject* tuple, int64_t op, PyObject** items, int64_t n) {
  PyObject* r = compareTuples(&PyTuple_GET_ITEM(tuple, 0), PyTuple_GET_SIZE(tuple), items, n, int(op));
  Py_DECREF(tuple);
  dropBackwards(items, n);
  return r;
}

int64_t compare_items_bool(PyObject* tuple, int64_t op, PyObject** items, int64_t n) {
  PyObject* r = compare_items(tuple, op, items, n);
  return r ? is_true(r) : -1;
}

int64_t contains(PyObject* item, PyObject* container) {
  const int r = PySequence_Contains(container, item);
  drop(item, container);
  return r;
}

PyObject* get_item(PyObject* container, PyObject* key, int64_t profile) {
  note(profile, container, key);
  PyObject* r = quickItem(container, key);
  if (!r) r = subscript(container, key);
  drop(container, key);
  return r;
}

int64_t set_item(PyObject* value, PyObject* container, PyObject* key, int64_t profile) {
  note(profile, container, key);
  PyTypeObject* t = Py_TYPE(container);
  if (t == &PyList_Type) {
    const Py_ssize_t i = quickIndex(key, PyList_GET_SIZE(container));
    if (i >= 0) {
      PyObject* old = PyList_GET_ITEM(container, i);
      PyList_SET_ITEM(container, i, value);
      drop(old, container, key);
      return 0;
    }
  }
  PyMappingMethods* m = t->tp_as_mapping;
  const int r = m && m->mp_ass_subscript ? m->mp_ass_subscript(container, key, value)
                                         : PyObject_SetItem(container, key, value);
  drop(value, container, key);
  return r;
}

int64_t del_item(PyObject* container, PyObject* key) {
  const int r = PyObject_DelItem(container, key);
  drop(container, key);
  return r;
}

PyObject* binary_slice(PyObject* container, PyObject* start, PyObject* stop) {
  PyObject* slice = takeSlice(start, stop);
  PyObject* r = slice ? PyObject_GetItem(container, slice) : nullptr;
  Py_XDECREF(slice);
  Py_DECREF(container);
  return r;
}

int64_t store_slice(PyObject* value, PyObject* container, PyObject* start, PyObject* stop) {
  PyObject* slice = takeSlice(start, stop);
  const int r = slice ? PyObject_SetItem(container, slice, value) : -1;
  Py_XDECREF(slice);
  drop(value, container);
  return r;
}

}  // namespace od::helper

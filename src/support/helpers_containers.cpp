// Building, extending and unpacking containers; strings and formatting.
#include "support/helpers_common.h"
#include <algorithm>

namespace od::helper {
namespace {

// Values come out last first; the caller wants them in the order of the targets.
int64_t unpack(PyObject* iterable, int before, int after, PyObject** out, int64_t total) {
  const int ok = _PyEval_UnpackIterable(_PyThreadState_GET(), iterable, before, after, out + total);
  Py_DECREF(iterable);
  if (!ok) return -1;
  std::reverse(out, out + total);
  return 0;
}

}  // namespace

PyObject* build_tuple(PyObject** items, int64_t n) { return _PyTuple_FromArraySteal(items, n); }

PyObject* build_list(PyObject** items, int64_t n) { return _PyList_FromArraySteal(items, n); }

PyObject* build_set(PyObject** items, int64_t n) {
  PyObject* set = PySet_New(nullptr);
  if (!set) {
    dropBackwards(items, n);
    return nullptr;
  }
  int err = 0;
  for (int64_t i = 0; i < n; i++) {
    if (err == 0) err = PySet_Add(set, items[i]);
    Py_DECREF(items[i]);
  }
  if (err == 0) return set;
  Py_DECREF(set);
  return nullptr;
}

PyObject* build_map(PyObject** items, int64_t n) {
  PyObject* map = _PyDict_FromItems(items, 2, items + 1, 2, n / 2);
  dropBackwards(items, n);
  return map;
}

PyObject* build_const_key_map(PyObject** items, int64_t n) {
  PyObject* keys = items[n - 1];
  PyObject* map = _PyDict_FromItems(&PyTuple_GET_ITEM(keys, 0), 1, items, 1, n - 1);
  dropBackwards(items, n - 1);
  Py_DECREF(keys);
  return map;
}

PyObject* build_string(PyObject** items, int64_t n) {
  PyObject* s = _PyUnicode_JoinArray(emptyString, items, n);
  dropBackwards(items, n);
  return s;
}

PyObject* build_slice(PyObject* start, PyObject* stop, PyObject* step) {
  PyObject* slice = PySlice_New(start, stop, step);
  drop(start, stop);
  Py_XDECREF(step);
  return slice;
}

int64_t list_append(PyObject* list, PyObject* value) {
  return _PyList_AppendTakeRef(reinterpret_cast<PyListObject*>(list), value);
}

int64_t list_extend(PyObject* list, PyObject* iterable) {
  PyObject* none = _PyList_Extend(reinterpret_cast<PyListObject*>(list), iterable);
  if (!none && PyErr_ExceptionMatches(PyExc_TypeError) && !Py_TYPE(iterable)->tp_iter && !PySequence_Check(iterable)) {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "Value after * must be an iterable, not %.200s", Py_TYPE(iterable)->tp_name);
  }
  Py_DECREF(iterable);
  return none ? 0 : -1;
}

int64_t set_add(PyObject* set, PyObject* value) {
  const int r = PySet_Add(set, value);
  Py_DECREF(value);
  return r;
}

int64_t set_update(PyObject* set, PyObject* iterable) {
  const int r = _PySet_Update(set, iterable);
  Py_DECREF(iterable);
  return r;
}

int64_t dict_update(PyObject* dict, PyObject* mapping) {
  const int r = PyDict_Update(dict, mapping);
  if (r < 0 && PyErr_ExceptionMatches(PyExc_AttributeError))
    PyErr_Format(PyExc_TypeError, "'%.200s' object is not a mapping", Py_TYPE(mapping)->tp_name);
  Py_DECREF(mapping);
  return r;
}

int64_t dict_merge(PyObject* dict, PyObject* mapping, PyObject* callable) {
  const int r = _PyDict_MergeEx(dict, mapping, 2);
  if (r < 0) _PyEval_FormatKwargsError(_PyThreadState_GET(), callable, mapping);
  Py_DECREF(mapping);
  return r;
}

int64_t map_add(PyObject* dict, PyObject* key, PyObject* value) {
  return _PyDict_SetItem_Take2(reinterpret_cast<PyDictObject*>(dict), key, value) ? -1 : 0;
}

int64_t unpack_sequence(PyObject* iterable, int64_t n, int64_t out) {
  PyObject** to = words(out);
  PyObject** from = nullptr;
  if (PyTuple_CheckExact(iterable)) from = reinterpret_cast<PyTupleObject*>(iterable)->ob_item;
  else if (PyList_CheckExact(iterable)) from = reinterpret_cast<PyListObject*>(iterable)->ob_item;
  if (!from || Py_SIZE(iterable) != n) return unpack(iterable, int(n), -1, to, n);
  for (int64_t i = 0; i < n; i++) to[i] = Py_NewRef(from[i]);
  Py_DECREF(iterable);
  return 0;
}

int64_t unpack_ex(PyObject* iterable, int64_t before, int64_t after, int64_t out) {
  return unpack(iterable, int(before), int(after), words(out), before + 1 + after);
}

PyObject* convert_value(PyObject* value, int64_t conversion) {
  PyObject* r = _PyEval_ConversionFuncs[conversion](value);
  Py_DECREF(value);
  return r;
}

PyObject* format_simple(PyObject* value) {
  if (PyUnicode_CheckExact(value)) return value;
  PyObject* r = PyObject_Format(value, nullptr);
  Py_DECREF(value);
  return r;
}

PyObject* format_with_spec(PyObject* value, PyObject* spec) {
  PyObject* r = PyObject_Format(value, spec);
  drop(value, spec);
  return r;
}

}  // namespace od::helper

// CPython 3.13 has no way from a version to its type, so the tree of subclasses is walked and remembered, types as weak
// references. A walk costs about a microsecond a class; walks are spaced so that they take at most a twentieth of the time.
#include "cpython/v313/type_index.h"
#include <chrono>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace od {
namespace {

using Clock = std::chrono::steady_clock;

std::unordered_map<uint32_t, PyObject*>& known() {
  static auto* map = new std::unordered_map<uint32_t, PyObject*>();   // weak references
  return *map;
}

Clock::time_point lastWalk;
Clock::duration lastCost{};

void remember(PyTypeObject* t) {
  if (!t->tp_version_tag) return;
  PyObject*& ref = known()[t->tp_version_tag];
  if (ref) return;
  ref = PyWeakref_NewRef(reinterpret_cast<PyObject*>(t), nullptr);
  if (!ref) {
    PyErr_Clear();
    known().erase(t->tp_version_tag);
  }
}

void forgetDead() {
  for (auto it = known().begin(); it != known().end();) {
    PyObject* t = nullptr;
    if (PyWeakref_GetRef(it->second, &t) < 0) PyErr_Clear();
    if (!t) {
      Py_DECREF(it->second);
      it = known().erase(it);
      continue;
    }
    Py_DECREF(t);   // not the last: a class is in its own order of resolution
    ++it;
  }
}

void walk() {
  forgetDead();
  static PyObject* subclasses = PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PyType_Type), "__subclasses__");
  if (!subclasses) { PyErr_Clear(); return; }
  std::vector<PyObject*> work{Py_NewRef(reinterpret_cast<PyObject*>(&PyBaseObject_Type))};
  std::unordered_set<PyObject*> seen;
  while (!work.empty()) {
    PyObject* t = work.back();
    work.pop_back();
    if (seen.insert(t).second) {
      remember(reinterpret_cast<PyTypeObject*>(t));
      PyObject* list = PyObject_CallOneArg(subclasses, t);
      if (!list) PyErr_Clear();
      for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list); i++) work.push_back(Py_NewRef(PyList_GET_ITEM(list, i)));
      Py_XDECREF(list);
    }
    Py_DECREF(t);
  }
}

PyTypeObject* find(uint32_t version) {
  auto it = known().find(version);
  if (it == known().end()) return nullptr;
  PyObject* t = nullptr;
  if (PyWeakref_GetRef(it->second, &t) < 0) PyErr_Clear();
  if (t && reinterpret_cast<PyTypeObject*>(t)->tp_version_tag == version) {
    Py_DECREF(t);   // the caller holds the GIL and runs no code: it stays
    return reinterpret_cast<PyTypeObject*>(t);
  }
  Py_XDECREF(t);
  Py_DECREF(it->second);
  known().erase(it);
  return nullptr;
}

}  // namespace

PyTypeObject* typeWithVersion(uint32_t version) {
  if (!version) return nullptr;
  if (PyTypeObject* t = find(version)) return t;
  Clock::time_point start = Clock::now();
  if (start - lastWalk < 20 * lastCost) return nullptr;
  PyObject* exc = PyErr_GetRaisedException();
  walk();
  PyErr_SetRaisedException(exc);
  lastWalk = Clock::now();
  lastCost = lastWalk - start;
  return find(version);
}

}  // namespace od

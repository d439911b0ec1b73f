#include "support/helpers_attr_cache.h"
#include <string_view>
#include "structmember.h"

namespace od::helper {

AttrTable loads, stores;
static_assert(offsetof(AttrEntry, version) == offsetof(PolyEntry, version) && offsetof(AttrEntry, at) == offsetof(PolyEntry, at) &&
              offsetof(AttrEntry, check) == offsetof(PolyEntry, check));

namespace {

void enter(AttrTable& table, PyTypeObject* t, PyObject* name, AttrEntry e) {
  e.version = t->tp_version_tag;
  if (e.version == 0) return;
  AttrEntry* to = table.slot(e.version, name);
  PyObject* old = to->name;
  e.name = Py_NewRef(name);
  *to = e;
  Py_XDECREF(old);
}

// Index of a name in the keys that the instances of the class share, or -1. Other instances only ever append to them.
Py_ssize_t sharedIndex(PyTypeObject* t, PyObject* name) {
  PyDictKeysObject* keys = reinterpret_cast<PyHeapTypeObject*>(t)->ht_cached_keys;
  const PyDictUnicodeEntry* at = DK_UNICODE_ENTRIES(keys);
  for (Py_ssize_t i = 0; i < keys->dk_nentries; i++)
    if (at[i].me_key == name || _PyUnicode_Equal(at[i].me_key, name)) return i;
  return -1;
}

// A byte of every instance that is not 0, in the address of its type.
uint8_t typeByte(PyTypeObject* t) {
  unsigned i = 0;
  for (auto bits = reinterpret_cast<uintptr_t>(t); !(bits & 0xff); bits >>= 8) i++;
  return uint8_t(offsetof(PyObject, ob_type) + i);
}

// A member of __slots__ whose place in the instance is known. The descriptor may come from an unrelated class.
bool isSlot(PyTypeObject* t, PyObject* descr, bool write, AttrEntry* e) {
  if (!Py_IS_TYPE(descr, &PyMemberDescr_Type)) return false;
  const PyMemberDef* m = reinterpret_cast<PyMemberDescrObject*>(descr)->d_member;
  if (!PyType_IsSubtype(t, PyDescr_TYPE(descr)) || m->type != Py_T_OBJECT_EX || m->offset <= 0) return false;
  if ((m->flags & Py_AUDIT_READ) || (write && (m->flags & Py_READONLY))) return false;
  if (m->offset % Py_ssize_t(sizeof(PyObject*))) return false;
  *e = {.at = uint32_t(m->offset / Py_ssize_t(sizeof(PyObject*))), .check = typeByte(t), .place = Place::Slot};
  return true;
}

AttrEntry inlineValue(Py_ssize_t index) {
  constexpr size_t first = sizeof(PyObject) + offsetof(PyDictValues, values);
  return {.at = uint32_t(first / sizeof(PyObject*) + size_t(index)),
          .check = uint8_t(sizeof(PyObject) + offsetof(PyDictValues, valid)),
          .place = Place::Value};
}

// What the class says does not get in the way of an instance attribute, now or while the class has this version.
bool isHarmless(PyObject* descr) {
  return !descr || (!Py_TYPE(descr)->tp_descr_set && (Py_TYPE(descr)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE));
}

// Fills in how to know that the instance has no such attribute. False: no cheap way.
bool absenceOf(PyTypeObject* t, AttrEntry* e) {
  if (t->tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    e->absence = Absence::SharedKeys;
    e->at = uint32_t(reinterpret_cast<PyHeapTypeObject*>(t)->ht_cached_keys->dk_nentries);
    return true;
  }
  e->absence = t->tp_flags & Py_TPFLAGS_MANAGED_DICT ? Absence::NoDictYet : Absence::NoDict;
  return e->absence == Absence::NoDictYet || t->tp_dictoffset == 0;
}

AttrEntry classify(PyTypeObject* t, PyObject* name) {
  AttrEntry e, elsewhere;
  PyObject* descr = _PyType_Lookup(t, name);
  if (t == &PyModule_Type) {
    if (!descr) e.place = Place::Module;
    return e;
  }
  if (t->tp_getattro != PyObject_GenericGetAttr) return elsewhere;
  if (descr && isSlot(t, descr, false, &e)) return e;
  if (descr && Py_IS_TYPE(descr, &PyProperty_Type)) return {.place = Place::Property, .descr = descr};
  if (isHarmless(descr) && (t->tp_flags & Py_TPFLAGS_INLINE_VALUES)) {
    const Py_ssize_t i = sharedIndex(t, name);
    if (i >= 0) return inlineValue(i);
  }
  if (!descr || !absenceOf(t, &e)) return elsewhere;
  e.descr = descr;
  const PyTypeObject* d = Py_TYPE(descr);
  if (!d->tp_descr_get) e.place = Place::Constant;
  else if ((d->tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) && !d->tp_descr_set) e.place = Place::Method;
  else if (d == &PyClassMethod_Type) e.place = Place::ClassMethod;
  else return elsewhere;
  // The shared keys may have the name although this instance does not.
  if (e.absence == Absence::SharedKeys && sharedIndex(t, name) >= 0) return elsewhere;
  return e;
}

}  // namespace

PyObject* wrappedFunction(PyObject* descr) {
  static const Py_ssize_t offset = [] {
    for (const PyMemberDef* m = PyClassMethod_Type.tp_members; m && m->name; m++)
      if (std::string_view(m->name) == "__func__") return m->offset;
    return Py_ssize_t(0);
  }();
  if (!descr || !Py_IS_TYPE(descr, &PyClassMethod_Type) || !offset) return nullptr;
  PyObject* wrapped = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(descr) + offset);
  return wrapped && Py_IS_TYPE(wrapped, &PyFunction_Type) ? wrapped : nullptr;
}

void learnLoad(PyTypeObject* t, PyObject* name) {
  if (t->tp_version_tag == 0 || !PyUnicode_CheckExact(name)) return;
  enter(loads, t, name, classify(t, name));
}

void learnStore(PyTypeObject* t, PyObject* name) {
  if (t->tp_version_tag == 0 || !PyUnicode_CheckExact(name)) return;
  AttrEntry e;
  PyObject* descr = _PyType_Lookup(t, name);
  const bool generic = t->tp_setattro == PyObject_GenericSetAttr;
  if (generic && !(descr && isSlot(t, descr, true, &e)) && isHarmless(descr) &&
      (t->tp_flags & Py_TPFLAGS_INLINE_VALUES)) {
    const Py_ssize_t i = sharedIndex(t, name);
    if (i >= 0) e = inlineValue(i);
  }
  enter(stores, t, name, e);
}

}  // namespace od::helper

namespace od {
FieldTable fieldTable() {
  using namespace helper;
  return {loads.entries, AttrTable::kSize, sizeof(AttrEntry), offsetof(AttrEntry, name)};
}
}  // namespace od

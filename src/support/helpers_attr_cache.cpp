#include "support/helpers_attr_cache.h"
#include <string_view>
#include "structmember.h"

namespace od::helper {

AttrTable loads, stores;

namespace {

void enter(AttrTable& table, PyTypeObject* t, PyObject* name, AttrEntry e) {
  e.version = t->tp_version_tag;
  if (e.version == 0) return;
  AttrEntry* to = table.slot(e.version, name);
  PyObject* old = to->name;
  if (to->version == e.version && old == name) e.renewed = uint8_t(to->renewed + 1);
  e.name = Py_NewRef(name);
  *to = e;
  Py_XDECREF(old);
}

// Index of a name in the keys that the instances of the class share, or -1. Other instances only ever append to them.
Py_ssize_t sharedIndex(PyTypeObject* t, PyObject* name) {
  PyDictKeysObject* keys = sharedKeys(t);
  const PyDictUnicodeEntry* at = DK_UNICODE_ENTRIES(keys);
  for (Py_ssize_t i = 0; i < keys->dk_nentries; i++)
    if (at[i].me_key == name || _PyUnicode_Equal(at[i].me_key, name)) return i;
  return -1;
}

// A byte of every object that is always 0: addresses have fewer bits than their type's has room for.
constexpr uint8_t kNever = offsetof(PyObject, ob_type) + sizeof(PyTypeObject*) - 1;

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
  *e = {.at = uint32_t(m->offset / Py_ssize_t(sizeof(PyObject*))), .check = typeByte(t), .place = AttrPlace::Slot};
  return true;
}

// The descriptor that answers __class__.
PyObject* classOfObjects() {
  static PyObject* const descr = [] {
    PyObject* name = PyUnicode_InternFromString("__class__");
    PyObject* d = name ? _PyType_Lookup(&PyBaseObject_Type, name) : nullptr;
    Py_XDECREF(name);
    return d;
  }();
  return descr;
}

// Hidden for good, so that nobody need look again.
bool isAlwaysHidden(PyObject* descr) {
  return !descr || ((Py_TYPE(descr)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE) && Py_TYPE(descr)->tp_descr_get);
}

AttrEntry inlineValue(Py_ssize_t index, PyObject* descr) {
  constexpr size_t first = sizeof(PyObject) + offsetof(PyDictValues, values);
  const uint32_t at = uint32_t(first / sizeof(PyObject*) + size_t(index));
  if (!isAlwaysHidden(descr)) return {.at = at, .check = kNever, .place = AttrPlace::ValueOver, .found = descr};
  return {.at = at, .check = uint8_t(sizeof(PyObject) + offsetof(PyDictValues, valid)), .place = AttrPlace::Value};
}

// Where the dict of an instance has the name or, if it shares its keys, would have it.
bool inDict(PyDictObject* dict, PyTypeObject* t, PyObject* name, PyObject* descr, AttrEntry* e) {
  constexpr Py_ssize_t kMost = 256;   // entries to be searched: two names may compete for a place in the table for ever
  PyDictKeysObject* keys = dict->ma_keys;
  const bool split = dict->ma_values;
  if (split) {
    if (!sharesKeys(dict, t)) return false;
  } else if (keys->dk_kind == DICT_KEYS_GENERAL || keys->dk_nentries > kMost) {
    return false;
  }
  const PyDictUnicodeEntry* at = DK_UNICODE_ENTRIES(keys);
  Py_ssize_t i = 0;
  while (i < keys->dk_nentries && at[i].me_key != name) i++;
  if (i == keys->dk_nentries || !(split || at[i].me_value)) return false;
  *e = {.at = uint32_t(i), .check = kNever, .place = split ? AttrPlace::SplitDict : AttrPlace::Dict, .found = descr};
  return true;
}

// Where the instance has the attribute, or where those that are made as it was do.
bool inInstance(PyObject* owner, PyObject* name, PyObject* descr, AttrEntry* e) {
  PyTypeObject* t = Py_TYPE(owner);
  if (!(t->tp_flags & Py_TPFLAGS_MANAGED_DICT) || !canHide(descr)) return false;
  const bool inlined = t->tp_flags & Py_TPFLAGS_INLINE_VALUES;
  PyDictObject* dict = inlined && _PyObject_InlineValues(owner)->valid ? nullptr : _PyObject_GetManagedDict(owner);
  if (dict && inDict(dict, t, name, descr, e)) return true;
  const Py_ssize_t i = inlined ? sharedIndex(t, name) : -1;
  if (i >= 0) *e = inlineValue(i, descr);
  return i >= 0;
}

// Fills in how to know that the instance has no such attribute. False: no cheap way.
bool absenceOf(PyTypeObject* t, AttrEntry* e) {
  if (t->tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    e->absence = Absence::SharedKeys;
    e->at = uint32_t(sharedKeys(t)->dk_nentries);
    return true;
  }
  e->absence = t->tp_flags & Py_TPFLAGS_MANAGED_DICT ? Absence::NoDictYet : Absence::NoDict;
  if (e->absence == Absence::NoDictYet) e->at = uint32_t(sharedKeys(t)->dk_nentries);
  return e->absence == Absence::NoDictYet || t->tp_dictoffset == 0;
}

AttrEntry classifyOfClass(PyTypeObject* meta, PyTypeObject* c, PyObject* name) {
  if (meta->tp_getattro != PyType_Type.tp_getattro) return {};
  if (!canHide(_PyType_Lookup(meta, name))) return {};
  PyObject* o = _PyType_Lookup(c, name);
  if (!o || Py_TYPE(o)->tp_descr_get || !c->tp_version_tag) return {};
  return {.at = c->tp_version_tag, .check = kNever, .place = AttrPlace::OfClass, .found = o};
}

AttrEntry classify(PyObject* owner, PyObject* name) {
  PyTypeObject* t = Py_TYPE(owner);
  if (PyType_Check(owner)) return classifyOfClass(t, reinterpret_cast<PyTypeObject*>(owner), name);
  AttrEntry e, elsewhere;
  PyObject* descr = _PyType_Lookup(t, name);
  if (t == &PyModule_Type) {
    if (!descr) e.place = AttrPlace::Module;
    return e;
  }
  if (t->tp_getattro != PyObject_GenericGetAttr) return elsewhere;
  if (descr && isSlot(t, descr, false, &e)) return e;
  if (descr && Py_IS_TYPE(descr, &PyProperty_Type)) return {.place = AttrPlace::Property, .found = descr};
  if (descr && descr == classOfObjects()) return {.check = kNever, .place = AttrPlace::TypeOf};
  if (inInstance(owner, name, descr, &e)) return e;
  if (!descr || !absenceOf(t, &e)) return elsewhere;
  e.found = descr;
  const PyTypeObject* d = Py_TYPE(descr);
  if (!d->tp_descr_get) e.place = AttrPlace::Constant;
  else if ((d->tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) && !d->tp_descr_set) e.place = AttrPlace::Method;
  else if (d == &PyClassMethod_Type) e.place = AttrPlace::ClassMethod;
  else return elsewhere;
  // The shared keys may have the name although this instance does not.
  if (e.absence != Absence::NoDict && sharedIndex(t, name) >= 0) {
    if (e.absence == Absence::SharedKeys) return elsewhere;
    e.at = UINT32_MAX;
  }
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

uint64_t* dictVersions = nullptr;

// Believed only after two dicts have taken their versions from there.
void findDictVersions() {
  uint64_t* counter = &PyInterpreterState_Get()->dict_state.global_version;
  auto versionOfNew = [] {
    PyObject* d = PyDict_New();
    if (!d || PyDict_SetItem(d, Py_None, Py_None)) PyErr_Clear();
    const uint64_t version = d ? reinterpret_cast<PyDictObject*>(d)->ma_version_tag & ~uint64_t(DICT_WATCHER_AND_MODIFICATION_MASK) : 0;
    Py_XDECREF(d);
    return version;
  };
  const uint64_t first = versionOfNew();
  if (!first || *counter != first) return;
  const uint64_t second = versionOfNew();
  if (second > first && *counter == second) dictVersions = counter;
}

void learnLoad(PyObject* owner, PyObject* name) {
  PyTypeObject* t = Py_TYPE(owner);
  if (t->tp_version_tag == 0 || !PyUnicode_CheckExact(name)) return;
  enter(loads, t, name, classify(owner, name));
}

void learnStore(PyObject* owner, PyObject* name) {
  PyTypeObject* t = Py_TYPE(owner);
  if (t->tp_version_tag == 0 || !PyUnicode_CheckExact(name)) return;
  AttrEntry e;
  PyObject* descr = _PyType_Lookup(t, name);
  const bool generic = t->tp_setattro == PyObject_GenericSetAttr;
  if (generic && !(descr && isSlot(t, descr, true, &e))) inInstance(owner, name, descr, &e);
  enter(stores, t, name, e);
}

}  // namespace od::helper

namespace od {
FieldTable fieldTable() {
  using namespace helper;
  return {loads.entries, AttrTable::kSize};
}
}  // namespace od

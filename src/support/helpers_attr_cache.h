// Where an attribute is found on the instances of a class: one table for all sites, keyed by the version of the type
// and the name, for sites that compiled code could not specialise. Entries die by themselves when the class changes,
// because it gets another version. Used by helpers_attributes.cpp.
#pragma once
#include "support/helpers_common.h"
#include "support/poly_site.h"

namespace od::helper {

// Why the instance cannot have an attribute of its own that hides the one in the class.
enum class Absence : uint8_t {
  NoDict,       // there is no place for one
  SharedKeys,   // while the class's shared keys have `at` entries, if the instance uses them; else its dict has not got it
  NoDictYet,    // while the instance has no dict, or one that has not got it: surely while that has the class's shared keys
                // and these have `at` entries
};

// The keys that the instances of the class share.
inline PyDictKeysObject* sharedKeys(PyTypeObject* t) { return reinterpret_cast<PyHeapTypeObject*>(t)->ht_cached_keys; }
inline bool sharesKeys(PyDictObject* dict, PyTypeObject* t) { return dict->ma_values && dict->ma_keys == sharedKeys(t); }

// What the class has does not get in the way of an instance's attribute, now.
inline bool canHide(PyObject* descr) { return !descr || !Py_TYPE(descr)->tp_descr_set; }

// Laid out as a PolyEntry.
struct AttrEntry {
  uint32_t version = 0;  // of the type; 0 is never valid
  uint32_t at = 0;
  uint8_t check = 0;
  AttrPlace place = AttrPlace::Elsewhere;
  Absence absence = Absence::NoDict;
  uint8_t renewed = 0;        // times that it was wrong for an instance and has been made anew
  PyObject* name = nullptr;   // owned, so that its address cannot come to mean another name
  PyObject* found = nullptr;  // see AttrPlace: borrowed from a class, which holds it while it has this version

  bool isHidden() const { return canHide(found); }   // behind an instance's attribute
  PyObject* constant() const { return found && !Py_TYPE(found)->tp_descr_get ? found : nullptr; }
};
static_assert(sizeof(AttrEntry) == sizeof(PolyEntry) && offsetof(AttrEntry, version) == offsetof(PolyEntry, version) &&
              offsetof(AttrEntry, at) == offsetof(PolyEntry, at) && offsetof(AttrEntry, check) == offsetof(PolyEntry, field.check) &&
              offsetof(AttrEntry, place) == offsetof(PolyEntry, field.place) &&
              offsetof(AttrEntry, name) == offsetof(PolyEntry, object) && offsetof(AttrEntry, found) == offsetof(PolyEntry, found));

struct AttrTable {
  static constexpr unsigned kSize = 4096;
  AttrEntry entries[kSize];

  AttrEntry* slot(uint32_t version, PyObject* name) { return &entries[(version ^ hashOfName(name)) % kSize]; }
  AttrEntry* find(PyTypeObject* t, PyObject* name) {
    const uint32_t version = t->tp_version_tag;
    AttrEntry* e = slot(version, name);
    return e->version == version && e->name == name && version != 0 ? e : nullptr;
  }
};

extern AttrTable loads, stores;

// What a classmethod wraps, if it is a function: its calls need no bound method. Borrowed, or null.
PyObject* wrappedFunction(PyObject* descr);

// At the start: sets dictVersions.
void findDictVersions();

// Called when the table had nothing and the general lookup has succeeded. Neither runs any Python code.
void learnLoad(PyObject* owner, PyObject* name);
void learnStore(PyObject* owner, PyObject* name);

inline bool isAbsent(const AttrEntry& e, PyObject* owner, PyTypeObject* t) {
  if (e.absence == Absence::NoDict) return true;
  if (e.absence == Absence::SharedKeys && _PyObject_InlineValues(owner)->valid)
    return sharedKeys(t)->dk_nentries == Py_ssize_t(e.at);
  PyDictObject* dict = _PyObject_GetManagedDict(owner);
  if (dict && sharesKeys(dict, t) && dict->ma_keys->dk_nentries == Py_ssize_t(e.at)) return true;
  return !dict || (dict->ma_keys->dk_kind != DICT_KEYS_GENERAL && !probe(reinterpret_cast<PyObject*>(dict), e.name));
}

// The class's shared keys have grown since: the entry is to be made anew.
inline bool isStale(const AttrEntry& e, PyTypeObject* t) {
  const bool inClass = e.place == AttrPlace::Method || e.place == AttrPlace::ClassMethod || e.place == AttrPlace::Constant;
  return inClass && e.absence == Absence::SharedKeys &&
         sharedKeys(t)->dk_nentries != Py_ssize_t(e.at);
}

// Made anew it may do better for this instance, for which it was wrong.
constexpr uint8_t kRenewals = 8;
inline bool isWrong(const AttrEntry& e, PyTypeObject* t) {
  return isStale(e, t) || (e.place != AttrPlace::Property && e.renewed < kRenewals);
}

inline PyObject** fieldOf(const AttrEntry& e, PyObject* owner) { return reinterpret_cast<PyObject**>(owner) + e.at; }

// Where the values of the instance's dict have the attribute, which may be unset. Null: elsewhere.
inline PyObject** splitValue(const AttrEntry& e, PyObject* owner, PyTypeObject* t) {
  PyDictObject* dict = _PyObject_GetManagedDict(owner);
  return dict && sharesKeys(dict, t) ? &dict->ma_values->values[e.at] : nullptr;
}

// Borrowed, or null if the general lookup (or the getter) has to be asked. For a Method `bind` is set.
inline PyObject* lookHere(const AttrEntry& e, PyObject* owner, PyTypeObject* t, bool* bind) {
  switch (e.place) {
    case AttrPlace::Value: case AttrPlace::Slot: return reinterpret_cast<uint8_t*>(owner)[e.check] ? *fieldOf(e, owner) : nullptr;
    case AttrPlace::ValueOver:
      if (!e.isHidden() || !_PyObject_InlineValues(owner)->valid) return nullptr;
      return *fieldOf(e, owner) ? *fieldOf(e, owner) : e.constant();
    case AttrPlace::SplitDict: {
      PyObject** value = splitValue(e, owner, t);
      return !value || !e.isHidden() ? nullptr : *value ? *value : e.constant();
    }
    case AttrPlace::Dict: {
      PyDictObject* dict = _PyObject_GetManagedDict(owner);
      return dict && e.isHidden() ? probe(reinterpret_cast<PyObject*>(dict), e.name) : nullptr;
    }
    case AttrPlace::TypeOf: return reinterpret_cast<PyObject*>(t);
    case AttrPlace::OfClass: {
      const uint32_t version = reinterpret_cast<PyTypeObject*>(owner)->tp_version_tag;
      return version == e.at ? e.constant() : nullptr;
    }
    case AttrPlace::Method:
      *bind = true;
      return isAbsent(e, owner, t) ? e.found : nullptr;
    case AttrPlace::Constant: return isAbsent(e, owner, t) ? e.constant() : nullptr;
    case AttrPlace::Module: {
      PyObject* dict = reinterpret_cast<PyModuleObject*>(owner)->md_dict;
      return dict ? probe(dict, e.name) : nullptr;
    }
    default: return nullptr;
  }
}

// CPython's counter of versions of dicts lies in the interpreter state, which may have grown: null if it is not where the
// headers say (see findDictVersions).
extern uint64_t* dictVersions;

// Adds or replaces the attribute in a dict that shares the class's keys, as insert_split_value() of Objects/dictobject.c does.
// False: not here, or somebody watches the dict.
inline bool storeSplit(const AttrEntry& e, PyObject* owner, PyObject* value) {
  PyObject** place = splitValue(e, owner, Py_TYPE(owner));
  PyDictObject* dict = _PyObject_GetManagedDict(owner);
  if (!place || !dictVersions || (dict->ma_version_tag & DICT_WATCHER_MASK)) return false;
  if (!_PyObject_GC_IS_TRACKED(dict) && _PyObject_GC_MAY_BE_TRACKED(value)) PyObject_GC_Track(dict);
  PyObject* old = *place;
  *place = value;
  if (!old) {
    _PyDictValues_AddToInsertionOrder(dict->ma_values, Py_ssize_t(e.at));
    dict->ma_used++;
  }
  dict->ma_version_tag = (*dictVersions += DICT_VERSION_INCREMENT) | (dict->ma_version_tag & DICT_WATCHER_AND_MODIFICATION_MASK);
  Py_XDECREF(old);
  return true;
}

// Moves value into the instance: 0, or -1 with an exception. 1: the general way has to be gone.
inline int storeHere(const AttrEntry& e, PyObject* owner, PyObject* value) {
  if (e.place == AttrPlace::SplitDict || e.place == AttrPlace::Dict) {
    PyDictObject* dict = _PyObject_GetManagedDict(owner);
    if (!dict || !e.isHidden()) return 1;
    if (e.place == AttrPlace::SplitDict && storeSplit(e, owner, value)) return 0;
    return _PyDict_SetItem_Take2(dict, Py_NewRef(e.name), value);
  }
  PyObject** place = fieldOf(e, owner);
  if (e.place != AttrPlace::Slot) {
    if ((e.place != AttrPlace::Value && e.place != AttrPlace::ValueOver) || !e.isHidden() || _PyObject_GetManagedDict(owner)) return 1;
    PyDictValues* values = _PyObject_InlineValues(owner);
    if (!values->valid) return 1;
    if (!*place) _PyDictValues_AddToInsertionOrder(values, place - values->values);
  }
  PyObject* old = *place;
  *place = value;
  Py_XDECREF(old);
  return 0;
}

}  // namespace od::helper

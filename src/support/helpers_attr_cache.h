// Where an attribute is found on the instances of a class: one table for all sites, keyed by the version of the type
// and the name, for sites that compiled code could not specialise. Entries die by themselves when the class changes,
// because it gets another version. Used by helpers_attributes.cpp only.
#pragma once
#include "support/helpers_common.h"
#include "support/poly_site.h"

namespace od::helper {

enum class Place : uint8_t {
  Elsewhere,  // the general lookup has to be done
  Value,      // inline value of the instance: see PolySite for `at` and `check`
  Slot,       // pointer in the instance (__slots__)
  Method,     // unbound method in the class; see Absence
  ClassMethod,   // classmethod in the class; see Absence
  Constant,   // object in the class that is no descriptor; see Absence
  Module,     // entry of the module's dict
  Property,   // exact property in the class: what its getter returns
};

// Why the instance cannot have an attribute of its own that hides the one in the class.
enum class Absence : uint8_t {
  NoDict,       // there is no place for one
  SharedKeys,   // while the class's shared keys have `at` entries, if the instance uses them; else its dict has not got it
  NoDictYet,    // while the instance has no dict, or one that has not got it
};

struct AttrEntry {
  uint32_t version = 0;  // of the type; 0 is never valid
  uint32_t at = 0;
  uint8_t check = 0;     // Value and Slot
  Place place = Place::Elsewhere;
  Absence absence = Absence::NoDict;
  PyObject* name = nullptr;   // owned, so that its address cannot come to mean another name
  PyObject* descr = nullptr;  // borrowed from the class, which holds it as long as it has this version
};

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

// Called when the table had nothing and the general lookup has succeeded. Neither runs any Python code.
void learnLoad(PyTypeObject* t, PyObject* name);
void learnStore(PyTypeObject* t, PyObject* name);

inline bool isAbsent(const AttrEntry& e, PyObject* owner, PyTypeObject* t) {
  if (e.absence == Absence::NoDict) return true;
  if (e.absence == Absence::SharedKeys && _PyObject_InlineValues(owner)->valid)
    return reinterpret_cast<PyHeapTypeObject*>(t)->ht_cached_keys->dk_nentries == Py_ssize_t(e.at);
  PyDictObject* dict = _PyObject_GetManagedDict(owner);
  return !dict || (dict->ma_keys->dk_kind != DICT_KEYS_GENERAL && !probe(reinterpret_cast<PyObject*>(dict), e.name));
}

// The class's shared keys have grown since: the entry is to be made anew.
inline bool isStale(const AttrEntry& e, PyTypeObject* t) {
  const bool inClass = e.place == Place::Method || e.place == Place::ClassMethod || e.place == Place::Constant;
  return inClass && e.absence == Absence::SharedKeys &&
         reinterpret_cast<PyHeapTypeObject*>(t)->ht_cached_keys->dk_nentries != Py_ssize_t(e.at);
}

inline PyObject** fieldOf(const AttrEntry& e, PyObject* owner) { return reinterpret_cast<PyObject**>(owner) + e.at; }

// Borrowed, or null if the general lookup (or the getter) has to be asked. For a Method `bind` is set.
inline PyObject* lookHere(const AttrEntry& e, PyObject* owner, PyTypeObject* t, bool* bind) {
  switch (e.place) {
    case Place::Value: case Place::Slot: return reinterpret_cast<uint8_t*>(owner)[e.check] ? *fieldOf(e, owner) : nullptr;
    case Place::Method:
      *bind = true;
      return isAbsent(e, owner, t) ? e.descr : nullptr;
    case Place::Constant: return isAbsent(e, owner, t) && !Py_TYPE(e.descr)->tp_descr_get ? e.descr : nullptr;
    case Place::Module: {
      PyObject* dict = reinterpret_cast<PyModuleObject*>(owner)->md_dict;
      return dict ? probe(dict, e.name) : nullptr;
    }
    default: return nullptr;
  }
}

// Moves value into the instance; false if the general way has to be gone.
inline bool storeHere(const AttrEntry& e, PyObject* owner, PyObject* value) {
  PyObject** place = fieldOf(e, owner);
  if (e.place != Place::Slot) {
    if (e.place != Place::Value || _PyObject_GetManagedDict(owner)) return false;
    PyDictValues* values = _PyObject_InlineValues(owner);
    if (!values->valid) return false;
    if (!*place) _PyDictValues_AddToInsertionOrder(values, place - values->values);
  }
  PyObject* old = *place;
  *place = value;
  Py_XDECREF(old);
  return true;
}

}  // namespace od::helper

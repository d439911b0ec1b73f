// Attributes, names, globals and cells.
#include <bit>
#include "support/helpers_attr_cache.h"
#include "support/helpers_common.h"

namespace od::helper {
namespace {

constexpr const char kNoName[] = "name '%.200s' is not defined";

PyObject* nameError(PyThreadState* ts, PyObject* name) {
  _PyEval_FormatExcCheckArg(ts, PyExc_NameError, kNoName, name);
  return nullptr;
}

// The lookup of LOAD_GLOBAL, shared with LOAD_FROM_DICT_OR_GLOBALS.
PyObject* lookGlobal(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* name) {
  PyObject *globals = frame->f_globals, *builtins = frame->f_builtins, *v;
  if (PyDict_CheckExact(globals) && PyDict_CheckExact(builtins)) {
    if ((v = probe(globals, name))) return Py_NewRef(v);
    // Only if probe's null meant absent:
    if (reinterpret_cast<PyDictObject*>(globals)->ma_keys->dk_kind != DICT_KEYS_GENERAL && (v = probe(builtins, name)))
      return Py_NewRef(v);
    v = _PyDict_LoadGlobal(reinterpret_cast<PyDictObject*>(globals), reinterpret_cast<PyDictObject*>(builtins), name);
    if (!v && !ts->current_exception) nameError(ts, name);
    return v;
  }
  if (PyMapping_GetOptionalItem(globals, name, &v) < 0) return nullptr;
  if (v) return v;
  if (PyMapping_GetOptionalItem(builtins, name, &v) < 0) return nullptr;
  return v ? v : nameError(ts, name);
}

// What PyObject_GetAttr does to an AttributeError on its way out.
void addAttributeContext(PyObject* owner, PyObject* name) {
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return;
  PyObject* exc = PyErr_GetRaisedException();
  auto* e = reinterpret_cast<PyAttributeErrorObject*>(exc);
  const bool fresh = PyErr_GivenExceptionMatches(exc, PyExc_AttributeError) && !e->name && !e->obj;
  if (fresh && (PyObject_SetAttr(exc, names.name, name) || PyObject_SetAttr(exc, names.obj, owner))) return;
  PyErr_SetRaisedException(exc);
}

// The general lookup; a property's getter that is a plain function is entered without the three calls in between.
PyObject* lookElsewhere(const AttrEntry* e, PyObject* owner, PyObject* name) {
  if (e && e->place == AttrPlace::Property && owner != Py_None) {
    PyObject* args[] = {nullptr, owner};
    PyObject* getter = reinterpret_cast<propertyobject*>(e->found)->prop_get;
    PyObject* r = getter ? callSharing(getter, args + 1, 1) : kNativeDeclined;
    if (!r) addAttributeContext(owner, name);
    if (r != kNativeDeclined) return r;
  }
  return PyObject_GetAttr(owner, name);
}

}  // namespace

namespace {

// The first classes of a site get entries there; it finds the others in the table of all.
void noteField(PolySite* s, PyTypeObject* t, PyObject* name) {
  s->name = name;
  s->nameHash = hashOfName(name);
  const AttrEntry* e = loads.find(t, name);
  if (!e || !e->check) return;
  for (PolyEntry& p : s->entries)
    if (p.version == e->version) {   // the attribute is not set, or elsewhere than it was
      p = std::bit_cast<PolyEntry>(*e);
      return;
    }
  if (s->next < PolySite::kEntries) s->fresh() = std::bit_cast<PolyEntry>(*e);
}

PyObject* attribute(PyObject* owner, PyObject* name, PolySite* site) {
  PyTypeObject* t = Py_TYPE(owner);
  PyObject* r;
  if (const AttrEntry* e = loads.find(t, name)) {
    bool bind = false;
    r = lookHere(*e, owner, t, &bind);
    if (!r) {
      r = lookElsewhere(e, owner, name);
      if (r && isWrong(*e, Py_TYPE(owner))) learnLoad(owner, name);
    } else if (!bind) Py_INCREF(r);
    else r = Py_TYPE(r)->tp_descr_get(r, owner, reinterpret_cast<PyObject*>(t));
  } else {
    r = PyObject_GetAttr(owner, name);
    if (r) learnLoad(owner, name);
  }
  if (site) noteField(site, Py_TYPE(owner), name);
  Py_DECREF(owner);
  return r;
}

// The function of the classmethod that cls.name(...) calls, with cls as first argument. Borrowed; null: another kind of
// attribute, or the metaclass has a say.
PyObject* functionOfClassMethod(PyObject* cls, PyObject* name) {
  PyTypeObject* meta = Py_TYPE(cls);
  if (meta->tp_getattro != PyType_Type.tp_getattro || _PyType_Lookup(meta, name)) return nullptr;
  return wrappedFunction(_PyType_Lookup(reinterpret_cast<PyTypeObject*>(cls), name));
}

}  // namespace

PyObject* get_attr(PyObject* owner, PyObject* name) { return attribute(owner, name, nullptr); }

PyObject* get_attr_poly(PyObject* owner, PyObject* name, int64_t site) {
  return attribute(owner, name, reinterpret_cast<PolySite*>(site));
}

PyObject* find_method(PyObject* owner, PyObject* name) {
  if (PyType_Check(owner)) return Py_XNewRef(functionOfClassMethod(owner, name));
  PyTypeObject* t = Py_TYPE(owner);
  const AttrEntry* e = loads.find(t, name);
  if (!e || isStale(*e, t)) {
    learnLoad(owner, name);
    e = loads.find(t, name);
  }
  bool unbound = false;
  PyObject* method = e ? lookHere(*e, owner, t, &unbound) : nullptr;
  return method && unbound ? Py_NewRef(method) : nullptr;
}

PyObject* load_method(PyObject* owner, PyObject* name, int64_t out) {
  PyTypeObject* t = Py_TYPE(owner);
  const AttrEntry* e = loads.find(t, name);
  if (PyType_Check(owner) && !(e && e->place == AttrPlace::OfClass)) {
    if (PyObject* function = functionOfClassMethod(owner, name)) {
      *words(out) = owner;
      return Py_NewRef(function);
    }
  }
  if (PyObject* function = e && e->place == AttrPlace::ClassMethod && isAbsent(*e, owner, t) ? wrappedFunction(e->found) : nullptr) {
    Py_INCREF(function);
    *words(out) = Py_NewRef(t);
    Py_DECREF(owner);
    return function;
  }
  bool unbound = false;
  PyObject* method = e ? lookHere(*e, owner, t, &unbound) : nullptr;
  if (method) {
    Py_INCREF(method);
  } else {
    unbound = _PyObject_GetMethod(owner, name, &method);
    if (method && (!e || isWrong(*e, t))) learnLoad(owner, name);
  }
  *words(out) = unbound ? owner : nullptr;
  if (!unbound) Py_DECREF(owner);
  return method;
}

int64_t set_attr(PyObject* value, PyObject* owner, PyObject* name) {
  const AttrEntry* e = stores.find(Py_TYPE(owner), name);
  if (const int stored = e ? storeHere(*e, owner, value) : 1; stored <= 0) {
    Py_DECREF(owner);
    return stored;
  }
  const int r = PyObject_SetAttr(owner, name, value);
  if (r == 0 && (!e || e->renewed < kRenewals)) learnStore(owner, name);
  drop(value, owner);
  return r;
}

int64_t del_attr(PyObject* owner, PyObject* name) {
  const int r = PyObject_DelAttr(owner, name);
  Py_DECREF(owner);
  return r;
}

// With the real `super`, CPython's specialised forms come to the same result without making the object; in the form
// without arguments they also need not look for `self` and `__class__` in the frame, where compiled code may not have
// written them.
PyObject* load_super_attr(PyObject* super, PyObject* cls, PyObject* self, PyObject* name, int64_t oparg, int64_t out) {
  if (super == reinterpret_cast<PyObject*>(&PySuper_Type) && PyType_Check(cls)) {
    int found = 0;
    const bool method = (oparg & 1) && Py_TYPE(self)->tp_getattro == PyObject_GenericGetAttr;
    PyObject* r = _PySuper_Lookup(reinterpret_cast<PyTypeObject*>(cls), self, name, method ? &found : nullptr);
    drop(super, cls);
    if (oparg & 1) *words(out) = r && found ? self : nullptr;
    if (!(r && found)) Py_DECREF(self);
    return r;
  }
  PyObject* stack[] = {nullptr, cls, self};
  PyObject* object = PyObject_Vectorcall(super, stack + 1, (oparg & 2) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
  drop(super, cls, self);
  if (oparg & 1) *words(out) = nullptr;
  if (!object) return nullptr;
  PyObject* r = PyObject_GetAttr(object, name);
  Py_DECREF(object);
  return r;
}

PyObject* load_global(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* name) {
  return lookGlobal(ts, frame, name);
}

PyObject* load_name(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* name) {
  if (!frame->f_locals) {
    PyErr_SetString(PyExc_SystemError, "no locals found");
    return nullptr;
  }
  PyObject* v;
  if (PyMapping_GetOptionalItem(frame->f_locals, name, &v) < 0) return nullptr;
  if (v) return v;
  if (PyDict_GetItemRef(frame->f_globals, name, &v) < 0) return nullptr;
  if (v) return v;
  if (PyMapping_GetOptionalItem(frame->f_builtins, name, &v) < 0) return nullptr;
  return v ? v : nameError(ts, name);
}

int64_t store_name(PyThreadState*, _PyInterpreterFrame* frame, PyObject* value, PyObject* name) {
  PyObject* ns = frame->f_locals;
  int r = -1;
  if (!ns) PyErr_Format(PyExc_SystemError, "no locals found when storing %R", name);
  else if (PyDict_CheckExact(ns)) r = PyDict_SetItem(ns, name, value);
  else r = PyObject_SetItem(ns, name, value);
  Py_DECREF(value);
  return r;
}

int64_t delete_name(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* name) {
  if (!frame->f_locals) {
    PyErr_Format(PyExc_SystemError, "no locals when deleting %R", name);
    return -1;
  }
  if (PyObject_DelItem(frame->f_locals, name) == 0) return 0;
  nameError(ts, name);  // whatever the mapping raised
  return -1;
}

int64_t store_global(PyThreadState*, _PyInterpreterFrame* frame, PyObject* value, PyObject* name) {
  const int r = PyDict_SetItem(frame->f_globals, name, value);
  Py_DECREF(value);
  return r;
}

int64_t delete_global(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* name) {
  const int r = PyDict_Pop(frame->f_globals, name, nullptr);
  if (r == 0) nameError(ts, name);
  return r > 0 ? 0 : -1;
}

PyObject* load_locals(PyThreadState*, _PyInterpreterFrame* frame) {
  if (!frame->f_locals) PyErr_SetString(PyExc_SystemError, "no locals found");
  return Py_XNewRef(frame->f_locals);
}

PyObject* load_from_dict_or_globals(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* dict, PyObject* name) {
  PyObject* v;
  if (PyMapping_GetOptionalItem(dict, name, &v) == 0) v = lookGlobal(ts, frame, name);
  Py_DECREF(dict);
  return v;
}

PyObject* load_from_dict_or_deref(PyThreadState* ts, _PyInterpreterFrame* frame, PyObject* dict, PyObject* cell,
                                  int64_t oparg) {
  PyCodeObject* code = _PyFrame_GetCode(frame);
  PyObject* v;
  if (PyMapping_GetOptionalItem(dict, PyTuple_GET_ITEM(code->co_localsplusnames, oparg), &v) == 0) {
    v = Py_XNewRef(PyCell_GET(cell));
    if (!v) _PyEval_FormatExcUnbound(ts, code, int(oparg));
  }
  Py_DECREF(dict);
  return v;
}

PyObject* load_build_class(PyThreadState*, _PyInterpreterFrame* frame) {
  PyObject* v;
  if (PyMapping_GetOptionalItem(frame->f_builtins, names.__build_class__, &v) == 0)
    PyErr_SetString(PyExc_NameError, "__build_class__ not found");
  return v;
}

int64_t setup_annotations(PyThreadState*, _PyInterpreterFrame* frame) {
  PyObject *locals = frame->f_locals, *annotations;
  if (!locals) {
    PyErr_Format(PyExc_SystemError, "no locals found when setting up annotations");
    return -1;
  }
  int r = PyMapping_GetOptionalItem(locals, names.__annotations__, &annotations);
  if (r == 0) {
    annotations = PyDict_New();
    r = annotations ? PyObject_SetItem(locals, names.__annotations__, annotations) : -1;
  }
  Py_XDECREF(annotations);
  return r < 0 ? -1 : 0;
}

// The four instructions agree: below the first free variable it is a local (LOAD_FAST_CHECK and DELETE_FAST only
// reach those), from there on a free variable.
PyObject* unbound_error(PyThreadState* ts, _PyInterpreterFrame* frame, int64_t oparg) {
  _PyEval_FormatExcUnbound(ts, _PyFrame_GetCode(frame), int(oparg));
  return nullptr;
}

PyObject* make_cell(PyObject* value) {
  PyObject* cell = PyCell_New(value);
  Py_XDECREF(value);
  return cell;
}

}  // namespace od::helper

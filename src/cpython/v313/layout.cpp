// Fills od::Layout from this version's headers. selfcheck.cpp has compared them with the running interpreter before.
#include <cstddef>
#include <cstring>
#include "cpython/v313/seam.h"
#include "cpython/v313/version.h"

namespace od {
namespace {

void threadAndFrame(Layout& l) {
  l.ts_current_frame = offsetof(PyThreadState, current_frame);
  l.ts_eval_breaker = offsetof(PyThreadState, eval_breaker);
  l.ts_datastack_top = offsetof(PyThreadState, datastack_top);
  l.ts_datastack_limit = offsetof(PyThreadState, datastack_limit);
  l.ts_py_recursion_remaining = offsetof(PyThreadState, py_recursion_remaining);
  l.ts_exc_info = offsetof(PyThreadState, exc_info);
  l.fr_executable = offsetof(Frame, f_executable);
  l.fr_previous = offsetof(Frame, previous);
  l.fr_funcobj = offsetof(Frame, f_funcobj);
  l.fr_globals = offsetof(Frame, f_globals);
  l.fr_builtins = offsetof(Frame, f_builtins);
  l.fr_locals = offsetof(Frame, f_locals);
  l.fr_frame_obj = offsetof(Frame, frame_obj);
  l.fr_instr_ptr = offsetof(Frame, instr_ptr);
  l.fr_stacktop = offsetof(Frame, stacktop);
  l.fr_localsplus = offsetof(Frame, localsplus);
  // Emitted code copies two words at once (emit/routines.cpp).
  static_assert(offsetof(Frame, f_builtins) == offsetof(Frame, f_globals) + 8);
  static_assert(offsetof(Frame, frame_obj) == offsetof(Frame, f_locals) + 8);
  static_assert(offsetof(Frame, stacktop) == offsetof(Frame, instr_ptr) + 8);
  static_assert(offsetof(PyFunctionObject, func_builtins) == offsetof(PyFunctionObject, func_globals) + 8);
  static_assert(offsetof(Frame, return_offset) == offsetof(Frame, stacktop) + 4);
  static_assert(offsetof(Frame, owner) == offsetof(Frame, stacktop) + 6);
  l.fn_globals = offsetof(PyFunctionObject, func_globals);
  l.fn_builtins = offsetof(PyFunctionObject, func_builtins);
  l.fn_code = offsetof(PyFunctionObject, func_code);
  l.fn_defaults = offsetof(PyFunctionObject, func_defaults);
  l.fn_closure = offsetof(PyFunctionObject, func_closure);
  l.fn_version = offsetof(PyFunctionObject, func_version);
  l.fn_vectorcall = offsetof(PyFunctionObject, vectorcall);
}

void headsAndContainers(Layout& l) {
  l.ob_refcnt = offsetof(PyObject, ob_refcnt);
  l.ob_type = offsetof(PyObject, ob_type);
  l.ob_size = offsetof(PyVarObject, ob_size);
  l.tp_version_tag = offsetof(PyTypeObject, tp_version_tag);
  l.tp_flags = offsetof(PyTypeObject, tp_flags);
  l.tp_descr_get = offsetof(PyTypeObject, tp_descr_get);
  l.tp_descr_set = offsetof(PyTypeObject, tp_descr_set);
  l.ht_cached_keys = offsetof(PyHeapTypeObject, ht_cached_keys);
  l.type_getitem_cache = offsetof(PyHeapTypeObject, _spec_cache.getitem);
  l.long_tag = offsetof(PyLongObject, long_value.lv_tag);
  l.long_digit = offsetof(PyLongObject, long_value.ob_digit);
  l.float_value = offsetof(PyFloatObject, ob_fval);
  l.list_items = offsetof(PyListObject, ob_item);
  l.list_allocated = offsetof(PyListObject, allocated);
  l.tuple_items = offsetof(PyTupleObject, ob_item);
  l.cell_ref = offsetof(PyCellObject, ob_ref);
  l.dict_keys = offsetof(PyDictObject, ma_keys);
  l.dict_values = offsetof(PyDictObject, ma_values);
  l.dict_used = offsetof(PyDictObject, ma_used);
  l.keys_version = offsetof(PyDictKeysObject, dk_version);
  l.keys_nentries = offsetof(PyDictKeysObject, dk_nentries);
  l.keys_kind = offsetof(PyDictKeysObject, dk_kind);
  l.keys_kind_unicode = DICT_KEYS_UNICODE;
  l.keys_log2_size = offsetof(PyDictKeysObject, dk_log2_size);
  l.keys_log2_index_bytes = offsetof(PyDictKeysObject, dk_log2_index_bytes);
  l.keys_indices = offsetof(PyDictKeysObject, dk_indices);
  static_assert(sizeof(PyDictUnicodeEntry) == 16 && offsetof(PyDictUnicodeEntry, me_value) == 8);   // as emitted code knows
  l.module_dict = offsetof(PyModuleObject, md_dict);
  l.unicode_length = offsetof(PyASCIIObject, length);
  l.unicode_state = offsetof(PyASCIIObject, state);
  l.unicode_hash = offsetof(PyASCIIObject, hash);
}

void iteratorsAndCallables(Layout& l) {
  l.range_start = offsetof(_PyRangeIterObject, start);
  l.range_step = offsetof(_PyRangeIterObject, step);
  l.range_len = offsetof(_PyRangeIterObject, len);
  l.listiter_index = offsetof(_PyListIterObject, it_index);
  l.listiter_seq = offsetof(_PyListIterObject, it_seq);
  l.tupleiter_index = offsetof(_PyTupleIterObject, it_index);
  l.tupleiter_seq = offsetof(_PyTupleIterObject, it_seq);
  l.method_func = offsetof(PyMethodObject, im_func);
  l.method_self = offsetof(PyMethodObject, im_self);
  l.methoddescr_def = offsetof(PyMethodDescrObject, d_method);
  l.methoddescr_type = offsetof(PyMethodDescrObject, d_common.d_type);
  l.builtin_def = offsetof(PyCFunctionObject, m_ml);
  l.builtin_self = offsetof(PyCFunctionObject, m_self);
  l.methoddef_meth = offsetof(PyMethodDef, ml_meth);
  l.methoddef_flags = offsetof(PyMethodDef, ml_flags);
  l.inline_values = sizeof(PyObject);
  l.values_valid = offsetof(PyDictValues, valid);
  l.values_array = offsetof(PyDictValues, values);
  l.managed_dict = MANAGED_DICT_OFFSET;
}

// Singletons are found through the public API: where the runtime keeps them differs between patch levels.
void addresses(Layout& l) {
  const void** t = l.kindType;
  auto set = [t](Kind k, PyTypeObject* type) { t[unsigned(k)] = type; };
  set(Kind::None, Py_TYPE(Py_None)); set(Kind::Bool, &PyBool_Type); set(Kind::Int, &PyLong_Type);
  set(Kind::Float, &PyFloat_Type); set(Kind::Complex, &PyComplex_Type); set(Kind::Str, &PyUnicode_Type);
  set(Kind::Bytes, &PyBytes_Type); set(Kind::Tuple, &PyTuple_Type); set(Kind::List, &PyList_Type);
  set(Kind::Dict, &PyDict_Type); set(Kind::Set, &PySet_Type); set(Kind::FrozenSet, &PyFrozenSet_Type);
  set(Kind::ByteArray, &PyByteArray_Type); set(Kind::Slice, &PySlice_Type); set(Kind::Range, &PyRange_Type);
  set(Kind::RangeIter, &PyRangeIter_Type); set(Kind::ListIter, &PyListIter_Type);
  set(Kind::TupleIter, &PyTupleIter_Type); set(Kind::Function, &PyFunction_Type);
  set(Kind::Method, &PyMethod_Type); set(Kind::BuiltinFn, &PyCFunction_Type);
  set(Kind::MethodDescr, &PyMethodDescr_Type); set(Kind::Class, &PyType_Type); set(Kind::Module, &PyModule_Type);
  set(Kind::Cell, &PyCell_Type); set(Kind::Generator, &PyGen_Type); set(Kind::Code, &PyCode_Type);
  l.None = Py_None; l.True = Py_True; l.False = Py_False;
  PyObject* first = PyLong_FromLong(-5);
  PyObject* second = PyLong_FromLong(-4);
  l.smallInts = first;
  l.smallIntSize = int32_t(reinterpret_cast<char*>(second) - reinterpret_cast<char*>(first));
}

// The free list of floats lies in the interpreter state, which may have grown: believe it only after watching a float
// go there. Null otherwise: boxing then goes through the C function.
void floatFreeList(Layout& l) {
  auto& list = PyInterpreterState_Get()->object_state.freelists.floats;
  l.floatFreeMax = PyFloat_MAXFREELIST;
  PyObject* f = PyFloat_FromDouble(1.25);
  if (!f) { PyErr_Clear(); return; }
  int before = list.numfree;
  Py_DECREF(f);
  if (list.numfree == before + 1 && reinterpret_cast<PyObject*>(list.items) == f) {
    l.floatFreeList = reinterpret_cast<void**>(&list.items);
    l.floatFreeCount = &list.numfree;
  }
}

}  // namespace

void fillLayout(Layout& l) {
  std::memset(static_cast<void*>(&l), 0, sizeof l);
  threadAndFrame(l);
  headsAndContainers(l);
  iteratorsAndCallables(l);
  addresses(l);
  floatFreeList(l);
}

}  // namespace od

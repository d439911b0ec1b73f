// Where things lie in the running CPython: plain numbers, filled once by the version folder, read by build and emit.
// Neither needs Python.h.
#pragma once
#include <cstdint>
#include "ir/types.h"

namespace od {

struct Layout {
  // PyThreadState
  int32_t ts_current_frame, ts_eval_breaker, ts_datastack_top, ts_datastack_limit, ts_py_recursion_remaining, ts_exc_info;
  // _PyInterpreterFrame
  int32_t fr_executable, fr_previous, fr_funcobj, fr_globals, fr_builtins, fr_locals, fr_frame_obj, fr_instr_ptr,
      fr_stacktop /* int32, then uint16 return_offset, then char owner: one 64-bit word */, fr_localsplus;
  // PyFunctionObject
  int32_t fn_globals, fn_builtins, fn_code, fn_defaults, fn_closure, fn_version, fn_vectorcall;
  // object heads and builtin types
  int32_t ob_refcnt, ob_type, ob_size, tp_version_tag, tp_flags, tp_descr_get, tp_descr_set, ht_cached_keys;
  int32_t long_tag, long_digit;      // lv_tag: ndigits << 3 | sign (0 +, 1 zero, 2 -); digits of 30 bits
  int32_t float_value, list_items, list_allocated, tuple_items, cell_ref, dict_keys, dict_values, dict_used, keys_version,
      keys_nentries, keys_kind, keys_kind_unicode /* its value */, keys_log2_size, keys_log2_index_bytes, keys_indices,
      module_dict, unicode_length, unicode_state, unicode_hash;
  int32_t range_start, range_step, range_len;            // range_iterator: long each
  int32_t listiter_index, listiter_seq, tupleiter_index, tupleiter_seq;
  int32_t method_func, method_self, methoddescr_def, methoddescr_type, builtin_def, builtin_self, methoddef_meth, methoddef_flags;
  int32_t inline_values, values_valid, values_array, managed_dict;  // from the object's address; values_*: from inline_values
  int32_t type_getitem_cache;
  // addresses
  const void* kindType[unsigned(Kind::Count)];           // null for Null and Other
  const void *None, *True, *False;
  const void* smallInts;                                 // array of ints -5..256
  int32_t smallIntSize;
  void** floatFreeList;                                  // head, linked through ob_type
  int32_t* floatFreeCount;
  int32_t floatFreeMax;
  int64_t stackLimitTls;                                 // offset from fs of the word below which rsp must not go
};

// Marks, in frame->stacktop, a frame whose values live in compiled code. Its NativeRecord* is in the last word of the
// frame (localsplus[nlocalsplus + stacksize - 1]). Negative, so that nobody looks at localsplus.
constexpr int32_t kNativeStacktop = -0x0D;

}  // namespace od

// The private headers of CPython 3.13 that the helpers need. Rules for their users: only symbols that a stock, stripped
// build exports, and nothing whose offset lies in _PyRuntime or far inside PyInterpreterState, since those move between
// patch levels (so no _Py_ID, no _Py_STR, no interp->eval_frame).
#pragma once
#ifndef Py_BUILD_CORE_MODULE
#define Py_BUILD_CORE_MODULE 1
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <Python.h>
#include "internal/pycore_call.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_code.h"
#include "internal/pycore_descrobject.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_function.h"
#include "internal/pycore_intrinsics.h"
#include "internal/pycore_list.h"
#include "internal/pycore_long.h"
#include "internal/pycore_object.h"
#include "internal/pycore_opcode_utils.h"
#include "internal/pycore_pyerrors.h"
#include "internal/pycore_range.h"
#include "internal/pycore_setobject.h"
#include "internal/pycore_tuple.h"
#include "internal/pycore_typeobject.h"
#include "internal/pycore_unicodeobject.h"
#pragma GCC diagnostic pop

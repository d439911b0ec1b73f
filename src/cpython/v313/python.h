// The one place that includes CPython's private headers. Everything compiled with Py_BUILD_CORE_MODULE includes this.
//
// Not Py_BUILD_CORE: that macro promises symbols which a distribution's interpreter does not export.
#pragma once
#define PY_SSIZE_T_CLEAN
#ifndef Py_BUILD_CORE_MODULE
#define Py_BUILD_CORE_MODULE 1
#endif
#include <Python.h>

#if PY_VERSION_HEX < 0x030D0000 || PY_VERSION_HEX >= 0x030E0000
#error "this folder serves CPython 3.13"
#endif
#ifdef Py_GIL_DISABLED
#error "the free-threaded build is not served"
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
extern "C" {
#include "internal/pycore_frame.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_tstate.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_long.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_object.h"
#include "internal/pycore_code.h"
#include "internal/pycore_function.h"
#include "internal/pycore_call.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_genobject.h"
#include "internal/pycore_list.h"
#include "internal/pycore_tuple.h"
#include "internal/pycore_range.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_runtime.h"
#include "internal/pycore_instruments.h"
#include "opcode_ids.h"
}
#pragma GCC diagnostic pop

namespace od {
using Frame = _PyInterpreterFrame;
}

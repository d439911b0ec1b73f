// Does the running interpreter look as the headers say? A module built on 3.13.0 runs on every later 3.13, as long as
// nothing that compiled code touches has moved. CPython publishes part of its layout (_PyRuntime.debug_offsets); the rest
// is probed. Thread state, interpreter and runtime may have grown at their ends.
#include <cstddef>
#include <cstring>
#include "cpython/v313/seam.h"
#include "cpython/v313/version.h"

namespace od {
namespace {

struct Check {
  std::string bad;
  void equal(const char* what, uint64_t running, uint64_t headers) {
    if (bad.empty() && running != headers)
      bad = std::string(what) + " is " + std::to_string(running) + ", expected " + std::to_string(headers);
  }
  void that(const char* what, bool ok) {
    if (bad.empty() && !ok) bad = std::string(what) + " is not where it was expected";
  }
};

void publishedOffsets(Check& c) {
  const _Py_DebugOffsets* d = reinterpret_cast<const _Py_DebugOffsets*>(&_PyRuntime);
  c.that("the table of offsets", std::memcmp(d->cookie, "xdebugpy", 8) == 0);
  if (!c.bad.empty()) return;
  c.equal("the minor version", d->version >> 16, PY_VERSION_HEX >> 16);
  c.equal("free threading", d->free_threaded, 0);
#define OFFSET(group, field, T, member) c.equal(#T "." #member, d->group.field, offsetof(T, member))
#define SIZE(group, T) c.equal("sizeof " #T, d->group.size, sizeof(T))
  SIZE(interpreter_frame, Frame);
  SIZE(code_object, PyCodeObject);
  SIZE(type_object, PyTypeObject);
  SIZE(dict_object, PyDictObject);
  SIZE(long_object, PyLongObject);
  SIZE(list_object, PyListObject);
  SIZE(pyobject, PyObject);
  OFFSET(interpreter_state, threads_head, PyInterpreterState, threads.head);
  OFFSET(thread_state, next, PyThreadState, next);
  OFFSET(thread_state, interp, PyThreadState, interp);
  OFFSET(thread_state, current_frame, PyThreadState, current_frame);
  OFFSET(thread_state, thread_id, PyThreadState, thread_id);
  OFFSET(thread_state, datastack_chunk, PyThreadState, datastack_chunk);
  OFFSET(interpreter_frame, previous, Frame, previous);
  OFFSET(interpreter_frame, executable, Frame, f_executable);
  OFFSET(interpreter_frame, instr_ptr, Frame, instr_ptr);
  OFFSET(interpreter_frame, localsplus, Frame, localsplus);
  OFFSET(interpreter_frame, owner, Frame, owner);
  OFFSET(code_object, linetable, PyCodeObject, co_linetable);
  OFFSET(code_object, co_code_adaptive, PyCodeObject, co_code_adaptive);
  OFFSET(code_object, localsplusnames, PyCodeObject, co_localsplusnames);
  OFFSET(dict_object, ma_keys, PyDictObject, ma_keys);
  OFFSET(dict_object, ma_values, PyDictObject, ma_values);
  OFFSET(long_object, lv_tag, PyLongObject, long_value.lv_tag);
  OFFSET(float_object, ob_fval, PyFloatObject, ob_fval);
  OFFSET(list_object, ob_item, PyListObject, ob_item);
  OFFSET(tuple_object, ob_item, PyTupleObject, ob_item);
  OFFSET(type_object, tp_flags, PyTypeObject, tp_flags);
#undef OFFSET
#undef SIZE
}

void threadStateProbes(Check& c) {
  PyThreadState* ts = PyThreadState_GetUnchecked();
  c.that("the recursion limit", ts->py_recursion_limit == Py_GetRecursionLimit());
  c.that("the recursion counter", ts->py_recursion_remaining > 0 && ts->py_recursion_remaining <= ts->py_recursion_limit);
  _PyStackChunk* chunk = ts->datastack_chunk;
  c.that("the data stack", !chunk || (reinterpret_cast<char*>(ts->datastack_limit) == reinterpret_cast<char*>(chunk) + chunk->size &&
                                      ts->datastack_top <= ts->datastack_limit));
  c.that("the exception stack", ts->exc_info != nullptr && (ts->current_exception == nullptr));
  uintptr_t before = ts->eval_breaker;
  PyThreadState_SetAsyncExc(ts->thread_id, PyExc_KeyError);
  c.that("the breaker word", (ts->eval_breaker & _PY_ASYNC_EXCEPTION_BIT) != 0);
  PyThreadState_SetAsyncExc(ts->thread_id, nullptr);
  if (!(before & _PY_ASYNC_EXCEPTION_BIT)) ts->eval_breaker &= ~uintptr_t(_PY_ASYNC_EXCEPTION_BIT);
  c.that("the frame evaluator", ts->interp->eval_frame == nullptr ||
                                    _PyInterpreterState_GetEvalFrameFunc(ts->interp) == ts->interp->eval_frame);
}

void functionProbes(Check& c) {
  PyObject* globals = PyDict_New();
  PyObject* done = globals ? PyRun_String("def f(a, b=1):\n x = 1\n return x\ndef g():\n yield 1\nh = g()\n", Py_file_input,
                                          globals, globals) : nullptr;
  if (!done) {
    PyErr_Clear();
    Py_XDECREF(globals);
    c.that("a function", false);
    return;
  }
  Py_DECREF(done);
  PyFunctionObject* f = reinterpret_cast<PyFunctionObject*>(PyDict_GetItemString(globals, "f"));
  PyFunctionObject* g = reinterpret_cast<PyFunctionObject*>(PyDict_GetItemString(globals, "g"));
  PyCodeObject* code = reinterpret_cast<PyCodeObject*>(f->func_code);
  c.that("a code object's layout", PyCode_Check(code) && code->co_argcount == 2 && code->co_nlocalsplus == 3 &&
                                       code->co_framesize == code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE);
  c.that("a function's layout", f->vectorcall == g->vectorcall && f->func_globals == globals && f->func_defaults &&
                                    PyTuple_Check(f->func_defaults));
  PyGenObject* gen = reinterpret_cast<PyGenObject*>(PyDict_GetItemString(globals, "h"));
  Frame* frame = reinterpret_cast<Frame*>(&gen->gi_iframe);
  c.that("a generator's frame", frame->owner == FRAME_OWNED_BY_GENERATOR && gen->gi_frame_state == FRAME_CREATED &&
                                    frameCode(frame) == reinterpret_cast<PyCodeObject*>(g->func_code));
  PyFunction_SetVectorcall(f, f->vectorcall);
  c.that("a function's version", f->func_version == 0);
  Py_DECREF(globals);
}

}  // namespace

std::string selfCheck() {
  Check c;
  publishedOffsets(c);
  if (c.bad.empty()) threadStateProbes(c);
  if (c.bad.empty()) functionProbes(c);
  return c.bad;
}

}  // namespace od

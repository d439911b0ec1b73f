// Generators and coroutines begin to exist without an evaluator: what COPY_FREE_VARS, MAKE_CELL and RETURN_GENERATOR, with
// which their code begins, would do there.
#include "cpython/v313/canonical.h"
#include "jit/bind.h"
#include "jit/conductor.h"
#include "support/helpers.h"

namespace od {
namespace {

// Behind RETURN_GENERATOR, which has to come after nothing but the other two (0: it does not, or is watched).
uint32_t beginning(PyCodeObject* code) {
  const _Py_CODEUNIT* instr = firstInstr(code);
  for (uint32_t at = 0; at < uint32_t(wordCount(code)); at++) {
    if (instr[at].op.code == RETURN_GENERATOR) return at + 1;
    if (instr[at].op.code != COPY_FREE_VARS && instr[at].op.code != MAKE_CELL) return 0;
  }
  return 0;
}

// The references to code and function are the frame's own.
void fillHeader(Frame* f, PyFunctionObject* func, PyCodeObject* code, uint32_t at) {
  borrowHeader(f, code, reinterpret_cast<PyObject*>(func), nullptr);
  f->owner = FRAME_OWNED_BY_GENERATOR;
  f->stacktop = code->co_nlocalsplus;
  setFrameOffset(f, code, at);
}

// False: MemoryError.
bool fillCells(Frame* f, PyFunctionObject* func, PyCodeObject* code) {
  for (const _Py_CODEUNIT* instr = firstInstr(code); instr->op.code != RETURN_GENERATOR; instr++) {
    const int arg = instr->op.arg;
    if (instr->op.code == COPY_FREE_VARS) {
      for (int i = 0; i < arg; i++)
        f->localsplus[code->co_nlocalsplus - arg + i] = Py_NewRef(PyTuple_GET_ITEM(func->func_closure, i));
    } else {
      PyObject* cell = PyCell_New(f->localsplus[arg]);
      if (!cell) return false;
      Py_XSETREF(f->localsplus[arg], cell);
    }
  }
  return true;
}

}  // namespace

PyObject* makeGenerator(PyThreadState* ts, PyFunctionObject* func, const Arguments& a) {
  PyCodeObject* code = codeOfFunction(reinterpret_cast<PyObject*>(func));
  const uint32_t at = beginning(code);
  // A coroutine that notes where it came from looks at the frames that there would be.
  if (!at || ts->py_recursion_remaining <= 1 || ts->coroutine_origin_tracking_depth) return kNativeDeclined;
  auto* gen = reinterpret_cast<PyGenObject*>(_Py_MakeCoro(func));
  if (!gen) {
    PyErr_Clear();
    return kNativeDeclined;
  }
  Frame* f = generatorFrame(gen);
  // Until it is created it counts as cleared, and may go: then only its code is looked at.
  f->f_executable = Py_NewRef(reinterpret_cast<PyObject*>(code));
  if (!bindArguments(func, code, a, f->localsplus)) {
    Py_DECREF(gen);
    return kNativeDeclined;
  }
  for (int i = argumentSlots(code); i < code->co_nlocalsplus; i++) f->localsplus[i] = nullptr;
  fillHeader(f, func, code, at);
  gen->gi_frame_state = FRAME_CREATED;
  if (fillCells(f, func, code)) return reinterpret_cast<PyObject*>(gen);
  Py_DECREF(gen);
  return nullptr;
}

}  // namespace od

// CPython 3.13. Entry frames are marked by their owner: _PyEval_EvalFrameDefault keeps one on its own C stack, below the
// frames that it runs, and that is what ties Python frames to C frames.
#define Py_BUILD_CORE_MODULE 1
#include "../../compiled.h"
#include "../frames.hpp"

#include <cstring>
extern "C" {
#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_gil.h"
#include "internal/pycore_interp.h"
}

static_assert(PY_VERSION_HEX >= 0x030d0000 && PY_VERSION_HEX < 0x030e0000, "this folder reads CPython 3.13");

namespace od::profile::python {
namespace {

CodeText text_of(PyObject* s) {
    if (!s || !PyUnicode_Check(s)) return {"?", 1, 1};
    auto kind = uint8_t(PyUnicode_KIND(s));
    return {PyUnicode_DATA(s), uint32_t(PyUnicode_GET_LENGTH(s) * kind), kind};
}

}  // namespace

bool supported(const char** why) {
#ifdef Py_GIL_DISABLED
    *why = "free-threaded builds of CPython are not supported yet";
    return false;
#else
    *why = nullptr;
    return true;
#endif
}

void prepare() {}

void walk(PyThreadState* thread, PythonStack& out) {
    out.count = out.entry_count = 0;
    out.truncated = false;
    for (auto* f = thread->current_frame; f; f = f->previous) {
        if (f->owner == FRAME_OWNED_BY_CSTACK) {
            if (out.entry_count == kMaxEntries) {
                out.truncated = true;
                return;
            }
            out.entries[out.entry_count++] = {uintptr_t(f), out.count};
            continue;
        }
        if (out.count == kMaxPython) {
            out.truncated = true;
            return;
        }
        auto* code = reinterpret_cast<PyCodeObject*>(f->f_executable);
        auto instruction = f->instr_ptr - reinterpret_cast<_Py_CODEUNIT*>(code->co_code_adaptive);
        bool coroutine = f->owner == FRAME_OWNED_BY_GENERATOR && code->co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR | CO_ITERABLE_COROUTINE);
        out.frames[out.count++] = {code, uint32_t(instruction), coroutine ? uintptr_t(f) : 0, f->stacktop == OD_COMPILED_STACKTOP};
    }
}

uint64_t fingerprint(PyCodeObject* code) {
    // What two code objects at one address hardly share: their own tables' and names' addresses, their lines and size.
    uint64_t h = uintptr_t(code->co_linetable);
    h = (h ^ uintptr_t(code->co_consts)) * 0x9e3779b97f4a7c15u;
    h = (h ^ uintptr_t(code->co_name)) * 0x9e3779b97f4a7c15u;
    h = (h ^ uint64_t(code->co_firstlineno) << 32 ^ uint64_t(Py_SIZE(code)) ^ code->co_version) * 0x9e3779b97f4a7c15u;
    return h ? h : 1;
}

void describe(PyCodeObject* code, CodeParts& out) {
    out.name = text_of(code->co_name);
    out.qualname = text_of(code->co_qualname);
    out.file = text_of(code->co_filename);
    out.line_table = PyBytes_AS_STRING(code->co_linetable);
    out.line_table_bytes = uint32_t(PyBytes_GET_SIZE(code->co_linetable));
    out.code = code->co_code_adaptive;
    out.code_bytes = uint32_t(Py_SIZE(code) * sizeof(_Py_CODEUNIT));
    out.first_line = code->co_firstlineno;
    out.fingerprint = fingerprint(code);
}

void gil_range(uintptr_t* low, uintptr_t* high) {
    auto* gil = PyInterpreterState_Get()->ceval.gil;
    *low = uintptr_t(gil);
    *high = *low + sizeof *gil;
}

bool collecting(PyThreadState* thread) { return thread->interp->gc.collecting; }

}  // namespace od::profile::python

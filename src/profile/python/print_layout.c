/* Prints one row of overdrive/profile/layouts.py for the CPython whose headers it is compiled with (3.8 to 3.12):
 *   cc -I$(python3.N -c 'import sysconfig; print(sysconfig.get_path("include"))') -I.../internal print_layout.c && ./a.out
 * Later versions describe themselves (_Py_DebugOffsets) and need no row. */
#define Py_BUILD_CORE 1
#include <Python.h>
#include <stddef.h>
#include <stdio.h>
#include <frameobject.h>
#if PY_VERSION_HEX < 0x03090000
#include "internal/pycore_pystate.h"
#else
#include "internal/pycore_interp.h"
#include "internal/pycore_runtime.h"
#endif
#if PY_VERSION_HEX >= 0x030b0000
#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"
#endif
#define ROW(name, value) printf("        \"%s\": %ld,\n", name, (long)(value))

int main(void) {
    printf("    (3, %d): {\n", PY_MINOR_VERSION);
    ROW("runtime_interpreters", offsetof(_PyRuntimeState, interpreters.head));
    ROW("interpreter_next", offsetof(PyInterpreterState, next));
#if PY_VERSION_HEX >= 0x030b0000
    ROW("interpreter_threads", offsetof(PyInterpreterState, threads.head));
    ROW("thread_native_id", offsetof(PyThreadState, native_thread_id));
    ROW("thread_cframe", offsetof(PyThreadState, cframe));
    ROW("thread_frame", -1);
    ROW("cframe_frame", offsetof(_PyCFrame, current_frame));
    ROW("thread_chunk", offsetof(PyThreadState, datastack_chunk));
    ROW("frame_code", offsetof(_PyInterpreterFrame, f_code));
    ROW("frame_previous", offsetof(_PyInterpreterFrame, previous));
    ROW("frame_instruction", offsetof(_PyInterpreterFrame, prev_instr));
    ROW("frame_owner", offsetof(_PyInterpreterFrame, owner));
    ROW("frame_bytes", offsetof(_PyInterpreterFrame, localsplus));
    ROW("instruction_kind", 2);
    ROW("first_foreign_owner", 3);
    ROW("code_qualname", offsetof(PyCodeObject, co_qualname));
    ROW("code_bytecode", offsetof(PyCodeObject, co_code_adaptive));
    ROW("code_table", offsetof(PyCodeObject, co_linetable));
#else
    ROW("interpreter_threads", offsetof(PyInterpreterState, tstate_head));
    ROW("thread_native_id", -1);
    ROW("thread_cframe", -1);
    ROW("thread_frame", offsetof(PyThreadState, frame));
    ROW("cframe_frame", -1);
    ROW("thread_chunk", -1);
    ROW("frame_code", offsetof(PyFrameObject, f_code));
    ROW("frame_previous", offsetof(PyFrameObject, f_back));
    ROW("frame_instruction", offsetof(PyFrameObject, f_lasti));
    ROW("frame_owner", -1);
    ROW("frame_bytes", offsetof(PyFrameObject, f_lasti) + 4);
    ROW("instruction_kind", PY_VERSION_HEX >= 0x030a0000 ? 1 : 0);
    ROW("first_foreign_owner", 255);
    ROW("code_qualname", -1);
    ROW("code_bytecode", -1);
#if PY_VERSION_HEX >= 0x030a0000
    ROW("code_table", offsetof(PyCodeObject, co_linetable));
#else
    ROW("code_table", offsetof(PyCodeObject, co_lnotab));
#endif
#endif
    ROW("interpreter_gil", PY_VERSION_HEX >= 0x030c0000 ? (long)
#if PY_VERSION_HEX >= 0x030c0000
        offsetof(PyInterpreterState, ceval.gil) : -1);
#else
        -1 : -1);
#endif
    ROW("thread_next", offsetof(PyThreadState, next));
    ROW("thread_pthread", offsetof(PyThreadState, thread_id));
    ROW("code_tag_bits", 0);
    ROW("code_name", offsetof(PyCodeObject, co_name));
    ROW("code_file", offsetof(PyCodeObject, co_filename));
    ROW("code_first_line", offsetof(PyCodeObject, co_firstlineno));
    ROW("unicode_length", offsetof(PyASCIIObject, length));
    ROW("unicode_state", offsetof(PyASCIIObject, state));
    ROW("ascii_data", sizeof(PyASCIIObject));
    ROW("compact_data", sizeof(PyCompactUnicodeObject));
    ROW("bytes_data", offsetof(PyBytesObject, ob_sval));
    printf("    },\n");
    return 0;
}

"""Where CPython keeps what attaching reads, by version; the field names are those of Layout in src/profile/remote.hpp.

3.13 and later describe themselves: _PyRuntime begins with a table of offsets (_Py_DebugOffsets). For 3.8 to 3.12 the rows below come
from src/profile/python/print_layout.c; these structures did not change within a minor version.
"""

import struct

#: Order of _Py_DebugOffsets' 64-bit words after its 24-byte head, as far as they are needed; later fields follow.
_CODE = " code.size code.filename code.name code.qualname code.linetable code.firstlineno code.argcount code.localsplusnames code.localspluskinds code.co_code_adaptive"
_FRAME = " frame.size frame.previous frame.executable frame.instr_ptr frame.localsplus frame.owner"
_RUNTIME = "runtime.size runtime.finalizing runtime.interpreters_head interp.size interp.id interp.next interp.threads_head"
_GIL = " interp.gc interp.imports_modules interp.sysdict interp.builtins interp.ceval_gil interp.gil interp.gil_enabled interp.gil_locked interp.gil_holder"
_THREAD = " thread.size thread.prev thread.next thread.interp thread.current_frame"
_IDS = " thread.thread_id thread.native_thread_id thread.datastack_chunk thread.status"
_WORDS = {
    (3, 13): (_RUNTIME + _GIL + _THREAD + _IDS + _FRAME + _CODE).split(),
    (3, 14): (
        _RUNTIME + " interp.threads_main" + _GIL + " interp.code_generation interp.tlbc_generation" + _THREAD + _IDS + _FRAME + " frame.stackpointer frame.tlbc_index" + _CODE
    ).split(),
    (3, 15): (
        _RUNTIME + " interp.threads_main" + _GIL + " interp.code_generation interp.tlbc_generation" + _THREAD
        + " thread.base_frame thread.last_profiled_frame thread.last_profiled_sequence" + _IDS
        + " thread.holds_gil thread.gil_requested thread.current_exception thread.exc_state thread.exc_value"
        + _FRAME + " frame.stackpointer frame.tlbc_index" + _CODE
    ).split(),
}

_COMMON = {"unicode_length": 16, "unicode_state": 32, "ascii_data": 40, "compact_data": 56, "bytes_data": 32}

#: Rows for versions without a table of their own.
TABLES = {
    (3, 8): {
        "runtime_interpreters": 32,
        "interpreter_next": 0,
        "interpreter_threads": 8,
        "thread_native_id": -1,
        "thread_cframe": -1,
        "thread_frame": 24,
        "cframe_frame": -1,
        "thread_chunk": -1,
        "frame_code": 32,
        "frame_previous": 24,
        "frame_instruction": 104,
        "frame_owner": -1,
        "frame_bytes": 108,
        "instruction_kind": 0,
        "first_foreign_owner": 255,
        "code_qualname": -1,
        "code_bytecode": -1,
        "code_table": 120,
        "interpreter_gil": -1,
        "thread_next": 8,
        "thread_pthread": 176,
        "code_tag_bits": 0,
        "code_name": 112,
        "code_file": 104,
        "code_first_line": 40,
        "unicode_length": 16,
        "unicode_state": 32,
        "ascii_data": 48,
        "compact_data": 72,
        "bytes_data": 32,
    },
    (3, 9): {
        "runtime_interpreters": 32,
        "interpreter_next": 0,
        "interpreter_threads": 8,
        "thread_native_id": -1,
        "thread_cframe": -1,
        "thread_frame": 24,
        "cframe_frame": -1,
        "thread_chunk": -1,
        "frame_code": 32,
        "frame_previous": 24,
        "frame_instruction": 104,
        "frame_owner": -1,
        "frame_bytes": 108,
        "instruction_kind": 0,
        "first_foreign_owner": 255,
        "code_qualname": -1,
        "code_bytecode": -1,
        "code_table": 120,
        "interpreter_gil": -1,
        "thread_next": 8,
        "thread_pthread": 176,
        "code_tag_bits": 0,
        "code_name": 112,
        "code_file": 104,
        "code_first_line": 40,
        "unicode_length": 16,
        "unicode_state": 32,
        "ascii_data": 48,
        "compact_data": 72,
        "bytes_data": 32,
    },
    (3, 10): {
        "runtime_interpreters": 32,
        "interpreter_next": 0,
        "interpreter_threads": 8,
        "thread_native_id": -1,
        "thread_cframe": -1,
        "thread_frame": 24,
        "cframe_frame": -1,
        "thread_chunk": -1,
        "frame_code": 32,
        "frame_previous": 24,
        "frame_instruction": 96,
        "frame_owner": -1,
        "frame_bytes": 100,
        "instruction_kind": 1,
        "first_foreign_owner": 255,
        "code_qualname": -1,
        "code_bytecode": -1,
        "code_table": 120,
        "interpreter_gil": -1,
        "thread_next": 8,
        "thread_pthread": 176,
        "code_tag_bits": 0,
        "code_name": 112,
        "code_file": 104,
        "code_first_line": 40,
        "unicode_length": 16,
        "unicode_state": 32,
        "ascii_data": 48,
        "compact_data": 72,
        "bytes_data": 32,
    },
    (3, 11): {
        "runtime_interpreters": 40,
        "interpreter_next": 0,
        "interpreter_threads": 16,
        "thread_native_id": 160,
        "thread_cframe": 56,
        "thread_frame": -1,
        "cframe_frame": 8,
        "thread_chunk": 296,
        "frame_code": 32,
        "frame_previous": 48,
        "frame_instruction": 56,
        "frame_owner": 69,
        "frame_bytes": 72,
        "instruction_kind": 2,
        "first_foreign_owner": 3,
        "code_qualname": 128,
        "code_bytecode": 184,
        "code_table": 136,
        "interpreter_gil": -1,
        "thread_next": 8,
        "thread_pthread": 152,
        "code_tag_bits": 0,
        "code_name": 120,
        "code_file": 112,
        "code_first_line": 72,
        "unicode_length": 16,
        "unicode_state": 32,
        "ascii_data": 48,
        "compact_data": 72,
        "bytes_data": 32,
    },
    (3, 12): {
        "runtime_interpreters": 40,
        "interpreter_next": 0,
        "interpreter_threads": 72,
        "thread_native_id": 144,
        "thread_cframe": 56,
        "thread_frame": -1,
        "cframe_frame": 0,
        "thread_chunk": 232,
        "frame_code": 0,
        "frame_previous": 8,
        "frame_instruction": 56,
        "frame_owner": 70,
        "frame_bytes": 72,
        "instruction_kind": 2,
        "first_foreign_owner": 3,
        "code_qualname": 128,
        "code_bytecode": 192,
        "code_table": 136,
        "interpreter_gil": 384,
        "thread_next": 8,
        "thread_pthread": 136,
        "code_tag_bits": 0,
        "code_name": 120,
        "code_file": 112,
        "code_first_line": 68,
        "unicode_length": 16,
        "unicode_state": 32,
        "ascii_data": 40,
        "compact_data": 56,
        "bytes_data": 32,
    },
}

COOKIE = b"xdebugpy"
HEAD_BYTES = 24


def supported(version):
    """Whether a (major, minor) can be read."""
    return version in TABLES or version in _WORDS


def layout(version, runtime_bytes):
    """The layout of a (major, minor); runtime_bytes: the first 1024 bytes of its _PyRuntime. None if it cannot be told."""
    if version in TABLES:
        return dict(TABLES[version])
    names = _WORDS.get(version)
    if names is None or runtime_bytes[:8] != COOKIE:
        return None
    words = dict(zip(names, struct.unpack_from(f"<{len(names)}Q", runtime_bytes, HEAD_BYTES)))
    newer = version >= (3, 14)
    return _COMMON | {
        "runtime_interpreters": words["runtime.interpreters_head"],
        "interpreter_next": words["interp.next"],
        "interpreter_threads": words["interp.threads_head"],
        "interpreter_gil": words["interp.ceval_gil"],
        "thread_next": words["thread.next"],
        "thread_native_id": words["thread.native_thread_id"],
        "thread_pthread": words["thread.thread_id"],
        "thread_frame": words["thread.current_frame"],
        "thread_cframe": -1,
        "cframe_frame": -1,
        "thread_chunk": words["thread.datastack_chunk"],
        "frame_code": words["frame.executable"],
        "frame_previous": words["frame.previous"],
        "frame_instruction": words["frame.instr_ptr"],
        "frame_owner": words["frame.owner"],
        "frame_bytes": max(words["frame.localsplus"], words["frame.owner"] + 1),
        "instruction_kind": 3,
        "first_foreign_owner": 3,
        "code_tag_bits": 3 if newer else 0,
        "code_name": words["code.name"],
        "code_qualname": words["code.qualname"],
        "code_file": words["code.filename"],
        "code_first_line": words["code.firstlineno"],
        "code_table": words["code.linetable"],
        "code_bytecode": words["code.co_code_adaptive"],
    }

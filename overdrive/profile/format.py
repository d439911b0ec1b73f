"""The record file's layout as Python needs it; src/profile/format.hpp is its other half."""

import struct

MAGIC = b"OVDPROF\n"
VERSION = 1
CHUNK_MAGIC = 0x4B48434F

INFO, SAMPLE, NODE, CODE, MODULE, SYMBOLS, SOURCE, KERNEL, ALLOCATION, FREE, COUNTERS = range(1, 12)

#: Names of the counters in the file's header, in their order; all are 64-bit.
COUNTER_NAMES = (
    "samples lost unmerged truncated native_cut no_python handler_ns frames_native frames_python "
    "intern_full disk_full last_ns stopped foreign_traps switches unseen_children"
).split()

UNMERGED, TRUNCATED, NATIVE_CUT, NO_PYTHON, HOLDS_GIL, COLLECTING, PYTHON_ONLY, SHORTENED, FINAL, SWITCH = (
    1 << k for k in range(10)
)

#: What a thread did instead of running; the index is the file's number.
STATES = ("cpu", "blocked", "gil", "preempted")

KIND_MARK, KIND_PYTHON, KIND_NATIVE, KIND_ADDRESS, KIND_COMPILED, KIND_KERNEL = range(6)

CODE_HEAD = struct.Struct("<IiIIIIIBBBx")
MODULE_HEAD = struct.Struct("<IIQQII")
HEADER = struct.Struct(f"<8sIIIIQQ{len(COUNTER_NAMES)}Q")
CHUNK_HEAD = struct.Struct("<IIII")
RECORD_HEAD = struct.Struct("<HHI")
MERGED = 1


def record(kind, payload):
    """The bytes of one record."""
    padded = payload + bytes(-len(payload) % 8)
    return RECORD_HEAD.pack(kind, 0, len(padded) + RECORD_HEAD.size) + padded


def chunk(part, records):
    """The bytes of one chunk that the recorder itself owns."""
    body = b"".join(records)
    return CHUNK_HEAD.pack(CHUNK_MAGIC, len(body) + CHUNK_HEAD.size, 0, part) + body


def header(pid, start_monotonic, start_realtime, counters, flags=MERGED):
    """The bytes of a file's header."""
    return HEADER.pack(
        MAGIC, VERSION, HEADER.size, pid, flags, start_monotonic, start_realtime, *[counters.get(n, 0) for n in COUNTER_NAMES]
    )


def counters(data):
    """The counters in `data`, by name."""
    return dict(zip(COUNTER_NAMES, struct.unpack_from(f"<{len(COUNTER_NAMES)}Q", data)))


def text(data, kind):
    """A string as CPython keeps it (1, 2 or 4 bytes a character), or UTF-8 (8)."""
    if kind == 8:
        return bytes(data).decode(errors="replace")
    return bytes(data).decode({1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}.get(kind, "latin-1"), *(() if kind == 1 else ("surrogatepass",)))

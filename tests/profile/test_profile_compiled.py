"""Compiled code: a stand-in for the compiler publishes a piece of machine code as two functions, one inlined into the other."""

import shutil
import subprocess
import sysconfig

import pytest

MODULE = """
#include <Python.h>
#include <sys/mman.h>
#include <string.h>
#include "compiled.h"
static od_compiled_frame frames[3];
static od_compiled_row rows[2];
static od_compiled_region region;
static od_compiled_table table;
static const od_compiled_table* current;
static long (*code)(long);
/* run(outer, inner): spins in code that says it is `inner` inlined into `outer`. */
static PyObject* run(PyObject* self, PyObject* args) {
    PyObject *outer, *inner;
    long count;
    if (!PyArg_ParseTuple(args, "OOl", &outer, &inner, &count)) return NULL;
    frames[0].code = inner, frames[0].instruction = 1;
    frames[1].code = outer, frames[1].instruction = 1;
    return PyLong_FromLong(code(count));
}
static PyMethodDef methods[] = {{"run", run, METH_VARARGS, ""}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "standin", "", -1, methods};
PyMODINIT_FUNC PyInit_standin(void) {
    /* push rbp; mov rbp, rsp; mov rax, rdi; loop: dec rax; jnz loop; pop rbp; ret */
    static const unsigned char bytes[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0x89, 0xf8, 0x48, 0xff, 0xc8, 0x75, 0xfb, 0x5d, 0xc3};
    char* m = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(m, bytes, sizeof bytes);
    code = (long (*)(long))m;
    rows[0].offset = 0, rows[0].first_frame = 0, rows[0].frame_count = 2;
    region.low = (uintptr_t)m, region.high = region.low + sizeof bytes, region.rows = rows, region.row_count = 1, region.frames = frames;
    table.version = OD_COMPILED_VERSION, table.region_count = 1, table.regions = &region;
    current = &table;
    PyObject* module = PyModule_Create(&def);
    PyModule_AddObject(module, "compiled_table", PyCapsule_New(&current, OD_COMPILED_CAPSULE, NULL));
    return module;
}
"""

PROGRAM = """
import sys, time
import standin
from overdrive import _profile
_profile.use_compiled_table(standin.compiled_table)
def outer(): pass
def inner(): pass
def caller(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        standin.run(outer.__code__, inner.__code__, 10_000_000)
caller(0.6)
"""


def test_compiled_frames_and_their_inlined_chain(recorder):
    from profile_support import ROOT

    if not shutil.which("gcc"):
        pytest.skip("no C compiler")
    (recorder.folder / "standin.c").write_text(MODULE)
    subprocess.run(
        ["gcc", "-O1", "-w", "-shared", "-fPIC", "-I", sysconfig.get_path("include"), "-I", ROOT / "src" / "profile", "standin.c", "-o", "standin" + sysconfig.get_config_var("EXT_SUFFIX")],
        cwd=recorder.folder, check=True,
    )
    profile, _ = recorder.record(PROGRAM)
    compiled = {}
    for sample in profile.samples():
        frames = [f for f in sample.stack if f.kind in ("python", "compiled")]
        if any(f.kind == "compiled" for f in frames):
            key = tuple((f.kind, f.name, f.line) for f in frames[-3:])
            compiled[key] = compiled.get(key, 0) + sample.cpu_ns
    assert list(compiled) == [(("python", "caller", 11), ("compiled", "outer", 6), ("compiled", "inner", 7))], compiled
    assert sum(compiled.values()) > 0.4e9
    from overdrive.profile import format

    inside = [s for s in profile.samples() if any(f.kind == "compiled" for f in s.stack)]
    assert not any(s.flags & (format.UNMERGED | format.NATIVE_CUT) for s in inside)

"""Compiled code. A stand-in for the compiler publishes a piece of machine code as two functions, one inlined into the other; then
the compiler itself is looked at while it works."""

import shutil
import subprocess
import sys
import sysconfig

import profile_breaker as breaker
import pytest
from profile_support import environment, line_of

from overdrive.profile import format

MODULE = """
#include <Python.h>
#include <sys/mman.h>
#include <string.h>
#include "compiled.h"
static od_compiled_frame frames[3];
static od_compiled_row rows[2];
static od_compiled_region region;
static od_compiled_table table;
static void refresh(void);
static od_compiled_channel channel = {OD_COMPILED_VERSION, 0, 0, 0, refresh};
static void refresh(void) { channel.table = channel.readers ? &table : 0; }
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
    static const od_compiled_stack stack[] = {{0, 8}, {1, 16}, {4, 0}, {13, 8}};
    rows[0].offset = 0, rows[0].first_frame = 0, rows[0].frame_count = 2;
    region.low = (uintptr_t)m, region.high = region.low + sizeof bytes, region.rows = rows, region.row_count = 1, region.frames = frames;
    static uint32_t samples;
    region.stack = stack, region.stack_count = 4, region.samples = &samples;
    table.region_count = 1, table.regions = &region;
    PyObject* module = PyModule_Create(&def);
    PyModule_AddObject(module, "compiled_table", PyCapsule_New(&channel, OD_COMPILED_CAPSULE, NULL));
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
    inside = [s for s in profile.samples() if any(f.kind == "compiled" for f in s.stack)]
    assert not any(s.flags & (format.UNMERGED | format.NATIVE_CUT) for s in inside)


# ------------------------------------------------------------------------------------------------------------ the real compiler

PLANTED = """
import time
def hot(count):
    x = y = 0.5
    for k in range(count):
        x = x * 0.99 + y; x = x * 0.98 + y; x = x * 0.97 + y; x = x * 0.96 + y; x = x * 0.95 + y; x = x * 0.94 + y; x = x * 0.93 + y  # hot
    return x
def main(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        hot(20_000)
main(0.8)
"""


def test_a_hot_line_in_compiled_code(recorder):
    profile, _ = recorder.record(PLANTED, "--run")
    file, hot = str(recorder.folder / "app.py"), line_of(PLANTED, "hot")
    own = all_of_it = 0
    for node, value in profile.folded().items():
        last = profile.stack(node)[-1]
        if last.kind == "compiled" and last.file == file:
            all_of_it += value
            own += value if (last.name, last.line) == ("hot", hot) else 0
    assert all_of_it > 0.6e9  # most of the time is in code whose place is known
    assert own / all_of_it >= 0.95
    assert not any(f.module == "no library" for f in profile.frames)


def check_breaker(recorder, *options, seconds=3, least=10000):
    text, calls = breaker.generate()
    profile, _ = recorder.record(text, "--run", *options, args=[seconds], timeout=120)
    file = str(recorder.folder / "app.py")
    samples, pairs, wrong = breaker.impossible(profile, file, calls)
    assert samples >= least and pairs > samples
    assert wrong == []
    inside = [s for s in profile.samples() if any(f.file == file and f.name == "main" for f in s.stack)]
    assert len(inside) > least / 2
    assert sum(any(f.kind == "compiled" for f in s.stack) for s in inside) > len(inside) / 4
    assert not any(s.flags & format.UNMERGED for s in inside)
    assert sum(bool(s.flags & format.NATIVE_CUT) for s in inside) <= len(inside) / 1000


def test_no_impossible_stack_in_compiled_code(recorder):
    check_breaker(recorder, "--rate", 10000)


def test_no_impossible_stack_where_every_seventh_guard_fails(recorder, monkeypatch):
    """Compiled code is left and entered all the time."""
    monkeypatch.setenv("OVERDRIVE_MODE", "warm:2,deopt:7")
    check_breaker(recorder, "--rate", 10000, least=5000)


#: Functions come and go, and with them their code: each calls its own helper and no other's.
COMING_AND_GOING = """
import threading, time
SOURCE = '''
def helper_{n}(x):
    for k in range(200): x = x * 5 % 1013 + k
    return x
def caller_{n}(x):
    for k in range(60): x = helper_{n}(x)
    return x
'''
def keep(seconds, start):
    end = time.process_time() + seconds
    n = start
    while time.process_time() < end:
        space = {}
        exec(SOURCE.format(n=n), space)
        for k in range(4): space[f"caller_{n}"](k)
        n += 2
    return n
threads = [threading.Thread(target=keep, args=(3, start)) for start in (0, 1)]
for t in threads: t.start()
for t in threads: t.join()
import overdrive
print(overdrive.stats()["code_bytes"], overdrive.stats()["retired"])
"""


def test_units_that_come_and_go(recorder, monkeypatch):
    monkeypatch.setenv("OVERDRIVE_MODE", "warm:2")
    monkeypatch.setenv("OVERDRIVE_CODE_MEMORY", "1")  # MiB: less than they need together
    profile, output = recorder.record(COMING_AND_GOING, "--run", "--rate", 5000)
    held, retired = map(int, output.split())
    assert retired > 200 and held <= 1 << 20, output
    wrong, right = [], 0
    for sample in profile.samples():
        names = [f.name.partition("_") for f in sample.stack if f.name.startswith(("caller_", "helper_")) and f.kind in ("python", "compiled")]
        right += len(names) == 2 and any(f.kind == "compiled" for f in sample.stack)
        if len({number for _, _, number in names}) > 1 or [kind for kind, _, _ in names] not in ([], ["caller"], ["caller", "helper"]):
            wrong.append(names)
    assert wrong == []
    assert right > 1000


WITHIN = """
import ctypes, gc, sys
import overdrive, overdrive.profile
def table():
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    channel = get(sys.modules["overdrive._core"].compiled_table, b"overdrive.compiled_table")
    return ctypes.c_void_p.from_address(channel + 8).value
def hot(count):
    x = 0.5
    for k in range(count): x = x * 0.99 + 0.5
    return x
"""


def run_with_compiler(recorder, text):
    path = recorder.write("within.py", WITHIN + text)
    done = subprocess.run([sys.executable, path], cwd=recorder.folder, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def compiled_names(path):
    import overdrive.profile

    return {f.name for f in overdrive.profile.read(str(path)).frames if f.kind == "compiled"}


def test_there_is_a_table_only_while_somebody_reads(recorder):
    out = run_with_compiler(
        recorder,
        """
overdrive.enable()
for k in range(50): hot(50_000)
assert overdrive.stats()["compiled"]
print(bool(table()))
for name in ("one.odp", "two.odp"):
    with overdrive.profile.record(name):
        print(bool(table()))
        for k in range(50): hot(50_000)
    print(bool(table()))
""",
    )
    assert out == ["False", "True", "False", "True", "False"]
    assert "hot" in compiled_names(recorder.folder / "one.odp")
    assert "hot" in compiled_names(recorder.folder / "two.odp")


def test_a_compiler_that_comes_later(recorder):
    run_with_compiler(
        recorder,
        """
with overdrive.profile.record("late.odp"):
    overdrive.enable()
    for k in range(200): hot(50_000)
""",
    )
    assert "hot" in compiled_names(recorder.folder / "late.odp")


def test_a_forked_child_records_its_own_code(recorder):
    profile, _ = recorder.record(
        """
import os, time
def hot(count):
    x = 0.5
    for k in range(count): x = x * 0.99 + 0.5
def spend(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: hot(20_000)
spend(0.2)
child = os.fork()
spend(0.4)
if child: os.waitpid(child, 0)
""",
        "--run",
    )
    cpu = {}
    for sample in profile.samples():
        if sample.stack and sample.stack[-1].kind == "compiled":
            cpu[sample.thread.process.pid] = cpu.get(sample.thread.process.pid, 0) + sample.cpu_ns
    assert len(cpu) == 2 and min(cpu.values()) > 0.25e9, cpu


def test_the_record_has_the_machine_code_of_the_hot_line(recorder):
    from overdrive.profile import view

    profile, _ = recorder.record(PLANTED, "--run")
    unit = next(unit for unit in profile.machine if unit["qualname"] == "hot")
    code = next(f.code for f in profile.frames if f.kind == "compiled" and f.name == "hot")
    hot = line_of(PLANTED, "hot")
    of_line = [text for k, _, text in unit["rows"] if code.position(k)[0] == hot]
    assert sum(text.startswith("mulsd") for text in of_line) >= 7  # one for each product
    meta, _ = view._data(profile, "")
    function = next(n for n, f in enumerate(meta["functions"]) if f[1] == "hot" and f[0] == 2)
    rows = meta["machine"][function]
    assert sum(row[0] == hot and row[4].startswith("mulsd") for row in rows) >= 7

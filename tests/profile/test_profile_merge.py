"""Native and Python stacks fit together, in libraries of all kinds."""

import pytest

NUMPY = """
import time, numpy as np
a = np.random.rand(150, 150); b = np.random.rand(60000)
f = np.vectorize(lambda x: x + 1); g = np.frompyfunc(lambda x: x * 2, 1, 1)
end = time.process_time() + 2
while time.process_time() < end:
    a @ a; np.sort(b); np.exp(b); b[b > 0.5].sum(); f(b[:400]); g(b[:400])
    np.apply_along_axis(lambda r: r.sum(), 1, a); np.linalg.svd(a[:40, :40])
"""

CALLBACKS = """
import ctypes, functools, json, re, time
C = ctypes.CDLL(None)
kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
compare = kind(lambda x, y: x[0] - y[0])
numbers = (ctypes.c_int * 300)(*[k * 7919 % 1009 for k in range(300)])
words = [str(k * 7919 % 10007) for k in range(2000)]
end = time.process_time() + 1.5
while time.process_time() < end:
    C.qsort((ctypes.c_int * 300)(*numbers), 300, 4, compare)
    sorted(words, key=lambda s: int(s)); re.sub(r"\\d", lambda m: "x", "a1b2c3" * 50)
    json.dumps({"a": words[:200]}); functools.reduce(lambda x, y: x + len(y), words, 0)
"""


def merged_share(profile):
    """Share of native stacks that reached their root and fit their Python frames."""
    from overdrive.profile import format

    bad = sum(1 for f in profile.flags if f & (format.UNMERGED | format.NATIVE_CUT))
    return 1 - bad / len(profile.flags)


@pytest.mark.parametrize("name", ["numpy", "callbacks"])
def test_native_stacks_merge(recorder, name):
    profile, _ = recorder.record({"numpy": NUMPY, "callbacks": CALLBACKS}[name], "--rate", 4000, timeout=120)
    assert len(profile.time) > 4000
    assert merged_share(profile) >= 0.995
    # A Python callback stands between the native frames that called it and its own callees.
    assert any(called_back(profile.trimmed_stack(node)) for node in set(profile.node))


def called_back(stack):
    kinds = [frame.kind for frame in stack]
    return "native" in kinds and "python" in kinds[kinds.index("native") :] and kinds[0] == "python"


CYTHON = """
def spin(int count):
    cdef int k
    cdef double x = 1.0
    for k in range(count):
        x = x * 1.0000001 + k
    return x
def back(function, int count):
    cdef int k
    for k in range(count):
        function(k)
"""

PYBIND = """
#include <pybind11/pybind11.h>
#include <pybind11/functional.h>
#include <functional>
static double spin(int count) { volatile double x = 1; for (int k = 0; k < count; k++) x = x * 1.0000001 + k; return x; }
static void back(const std::function<int(int)>& f, int count) { for (int k = 0; k < count; k++) f(k); }
PYBIND11_MODULE(bound, m) { m.def("spin", spin); m.def("back", back); }
"""

USE = """
import sys, time
import {module} as m
def called(k):
    return k * 2
def hot(end):
    while time.process_time() < end:
        m.spin(300000)  # hot
hot(time.process_time() + 0.8)
end = time.process_time() + 0.8
while time.process_time() < end: m.back(called, 1000)
"""


def build(folder, module):
    """Compiles an extension module into `folder`."""
    import shutil
    import subprocess
    import sys
    import sysconfig

    import pytest

    if not shutil.which("g++"):
        pytest.skip("no C++ compiler")
    include = ["-I", sysconfig.get_path("include")]
    if module == "cy":
        pytest.importorskip("Cython")
        (folder / "cy.pyx").write_text(CYTHON)
        subprocess.run([sys.executable, "-m", "cython", "-3", "cy.pyx", "-o", "cy.cpp", "--cplus"], cwd=folder, check=True, capture_output=True)
        source = "cy.cpp"
    else:
        pybind11 = pytest.importorskip("pybind11")
        (folder / "bound.cpp").write_text(PYBIND)
        source = "bound.cpp"
        include += ["-I", pybind11.get_include()]
    subprocess.run(
        ["g++", "-O1", "-g", "-w", "-std=c++17", "-shared", "-fPIC", *include, source, "-o", module + sysconfig.get_config_var("EXT_SUFFIX")], cwd=folder, check=True
    )


@pytest.mark.parametrize("module", ["cy", "bound"])
def test_extension_modules(recorder, module):
    from profile_support import line_of

    build(recorder.folder, module)
    text = USE.format(module=module)
    profile, _ = recorder.record(text, "--rate", 3000)
    assert merged_share(profile) >= 0.995
    file = str(recorder.folder / "app.py")
    inside = at_line = 0
    symbols, sources = set(), set()
    for node, value in profile.folded().items():
        stack = profile.stack(node)
        python = [f for f in stack if f.kind == "python"]
        if any(f.name == "hot" and f.file == file for f in python):
            inside += value
            at_line += value if python[-1].line == line_of(text, "hot") else 0
            symbols.update(f.name for f in stack if f.kind == "native" and f.module.startswith(module + "."))
            sources.update((f.file.rpartition("/")[2], f.line) for f in stack if f.kind == "native" and f.module.startswith(module + "."))
    assert inside > 0.5e9 and at_line / inside >= 0.95
    assert any("spin" in name for name in symbols), symbols
    # The callback: Python called from the module, which Python called.
    assert any(
        [f.kind for f in stack][-2:] == ["native", "python"] and stack[-1].name == "called" and stack[-2].module
        for stack in (profile.trimmed_stack(node) for node in set(profile.node))
    )
    if sources - {("", 0)}:  # built with libdw
        assert any(name.startswith(module) and line for name, line in sources), sources


GREENLETS = """
import greenlet, time
def leaf(x): return x + 1
def run(k):
    for _ in range(50):
        sorted([3, 1, 2], key=lambda x: leaf(x)); main.switch()
end = time.process_time() + 1.5
while time.process_time() < end:
    main = greenlet.getcurrent()
    all_ = [greenlet.greenlet(run) for _ in range(8)]
    def deep(d): return deep(d - 1) if d else [g.switch(1) for g in all_ if not g.dead]
    for k in range(40): deep(k % 9)
"""


def test_greenlets_that_switch_all_the_time(recorder):
    pytest.importorskip("greenlet")
    profile, _ = recorder.record(GREENLETS, "--rate", 5000, timeout=120)
    assert len(profile.time) > 4000
    assert merged_share(profile) >= 0.99
    file = str(recorder.folder / "app.py")
    for node in set(profile.node):
        python = [f.name for f in profile.stack(node) if f.kind == "python" and f.file == file]
        if python:  # a greenlet's stack begins with its own function, and no other greenlet's frames are in it
            assert python[0] in ("run", "<module>")
            assert python.count("run") + python.count("<module>") == 1, python


def test_code_that_runs_on_a_stack_of_its_own(recorder):
    """makecontext: C code on a stack from malloc, which is read through the kernel since nobody knows where it ends."""
    import shutil
    import subprocess

    if not shutil.which("g++"):
        pytest.skip("no C++ compiler")
    (recorder.folder / "own.cpp").write_text(
        """
        #include <ucontext.h>
        #include <cstdlib>
        static ucontext_t back, own;
        static volatile double x;
        static void work() { for (int k = 0; k < 3000000; k++) x = x * 1.0000001 + k; }
        extern "C" void elsewhere() {
            getcontext(&own);
            own.uc_stack.ss_sp = malloc(65536), own.uc_stack.ss_size = 65536, own.uc_link = &back;
            makecontext(&own, work, 0);
            swapcontext(&back, &own);
            free(own.uc_stack.ss_sp);
        }
        """
    )
    subprocess.run(["g++", "-O1", "-shared", "-fPIC", "own.cpp", "-o", "own.so"], cwd=recorder.folder, check=True)
    profile, out = recorder.record(
        "import ctypes, time\nC = ctypes.CDLL('./own.so')\nend = time.process_time() + 0.6\nwhile time.process_time() < end: C.elsewhere()\nprint('done')\n"
    )
    assert out == "done\n"
    assert sum(s.cpu_ns for s in profile.samples() if any("work" in f.name for f in s.stack)) > 0.3e9

"""What programs do that breaks in-process profilers: signal stacks, assembly without tables, forks in the middle of samples."""

import shutil
import subprocess

import pytest
from profile_support import line_of

needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="no C++ compiler")


def build(folder, text, *flags):
    (folder / "native.cpp").write_text(text)
    subprocess.run(["g++", "-O2", "-w", "-shared", "-fPIC", *flags, "native.cpp", "-o", "native.so"], cwd=folder, check=True)


@needs_compiler
def test_assembly_without_frame_tables(recorder):
    """Three pushes and 64 bytes of stack that no table describes: the caller is found all the same."""
    build(
        recorder.folder,
        """
        asm(".globl bare_loop; .type bare_loop, @function; bare_loop: push %rbx; push %r12; push %r13; sub $64, %rsp; mov %rdi, %rbx;"
            "1: dec %rbx; jnz 1b; add $64, %rsp; pop %r13; pop %r12; pop %rbx; ret; .size bare_loop, .-bare_loop");
        extern "C" void bare_loop(long);
        extern "C" __attribute__((noinline)) int caller(long n) { bare_loop(n); return 1; }
        """,
    )
    text = (
        "import ctypes, time\nC = ctypes.CDLL('./native.so')\nC.caller.argtypes = [ctypes.c_long]\nend = time.process_time() + 0.5\n"
        "while time.process_time() < end: C.caller(1_000_000)  # hot\n"
    )
    profile, _ = recorder.record(text, "--rate", 3000)
    inside = [s for s in profile.samples() if any(f.name == "bare_loop" for f in s.stack)]
    assert len(inside) > 500
    whole = [s for s in inside if any(f.name == "caller" for f in s.stack) and any(f.kind == "python" and f.line == line_of(text, "hot") for f in s.stack)]
    assert len(whole) / len(inside) > 0.99


@needs_compiler
def test_realigned_frames_and_alloca(recorder):
    build(
        recorder.folder,
        """
        #include <alloca.h>
        #include <string.h>
        extern "C" __attribute__((noinline)) double inner(double* p, long n) { double s = 0; for (long k = 0; k < n; k++) s += p[k & 7] * 1.0001; return s; }
        extern "C" __attribute__((noinline)) double aligned(long n) {
            alignas(64) double room[8];
            char* more = (char*)alloca(n & 63 | 8);
            memset(more, 1, 8);
            for (int k = 0; k < 8; k++) room[k] = k + more[0];
            double r = inner(room, n);
            asm volatile("" : : "r"(more), "r"(room) : "memory");
            return r;
        }
        """,
    )
    text = (
        "import ctypes, time\nC = ctypes.CDLL('./native.so')\nC.aligned.argtypes = [ctypes.c_long]; C.aligned.restype = ctypes.c_double\n"
        "end = time.process_time() + 0.5\nwhile time.process_time() < end: C.aligned(500_001)\n"
    )
    profile, _ = recorder.record(text, "--rate", 3000)
    inside = [s for s in profile.samples() if any(f.name == "inner" for f in s.stack)]
    assert len(inside) > 500
    whole = [s for s in inside if any(f.name == "aligned" for f in s.stack) and any(f.kind == "python" for f in s.stack)]
    assert len(whole) / len(inside) > 0.99


@needs_compiler
def test_work_in_a_signal_handler_on_its_own_stack(recorder):
    """The program's own handler runs on a sigaltstack: samples inside of it are walked through the signal frame."""
    build(
        recorder.folder,
        """
        #include <signal.h>
        #include <stdlib.h>
        static volatile double x;
        static void handler(int) { for (int k = 0; k < 200000; k++) x = x * 1.0000001 + k; }
        extern "C" void setup() {
            stack_t s{};
            s.ss_sp = malloc(1 << 16), s.ss_size = 1 << 16;
            sigaltstack(&s, nullptr);
            struct sigaction a{};
            a.sa_handler = handler, a.sa_flags = SA_ONSTACK;
            sigaction(SIGUSR1, &a, nullptr);
        }
        extern "C" int trigger() { int r = raise(SIGUSR1); asm volatile(""); return r + 1; }
        """,
    )
    text = "import ctypes, time\nC = ctypes.CDLL('./native.so')\nC.setup()\nend = time.process_time() + 0.6\nwhile time.process_time() < end: C.trigger()\nprint('done')\n"
    profile, out = recorder.record(text, "--rate", 3000)
    assert out == "done\n"
    inside = [s for s in profile.samples() if any("handler" in f.name and f.module == "native.so" for f in s.stack)]
    assert len(inside) > 300
    through = [s for s in inside if any(f.name == "trigger" for f in s.stack)]
    assert len(through) / len(inside) > 0.9


def test_forks_in_the_middle_of_samples(recorder):
    """A thread burns while another forks all the time, at the highest rate: no child hangs, none dies."""
    text = """
import os, threading, time
stop = False
def burn():
    while not stop: sorted(range(200))
threading.Thread(target=burn, daemon=True).start()
codes = set()
for k in range(60):
    pid = os.fork()
    if not pid:
        x = sum(range(20000))
        os._exit(0)
    codes.add(os.waitpid(pid, 0)[1])
stop = True
print(codes)
"""
    profile, out = recorder.record(text, "--rate", "10000", timeout=120)
    assert out == "{0}\n"
    assert len(profile.processes) == 61


def test_a_daemon_that_closes_all_files(recorder):
    """The clock starts again, and the descriptors that the program gets afterwards stay its own."""
    text = """
import os, time
def before():
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
def after():
    end = time.process_time() + 1.2
    while time.process_time() < end: sorted(range(100))
before()
os.closerange(3, 256)
files = [open(f"file{k}", "w") for k in range(30)]
after()
for k, f in enumerate(files):
    f.write("mine")
    f.close()
print({os.path.getsize(f"file{k}") for k in range(30)})
"""
    profile, out = recorder.record(text, "--rate", "10000")
    assert out == "{4}\n"
    cpu = sum(s.cpu_ns for s in profile.samples() if any(f.name == "after" for f in s.stack))
    assert cpu > 0.6e9
    assert profile.totals()["counters"]["disk_full"] == 0


def test_generators_and_exceptions_keep_their_lines(recorder):
    text = """
import time
def numbers(n):
    for k in range(n):
        yield sum(range(200))  # inside
def fails(n):
    try:
        raise ValueError(sum(range(200)))  # raise
    except ValueError:
        return n
end = time.process_time() + 0.6
while time.process_time() < end:
    for x in numbers(50): pass
    for k in range(50): fails(k)
"""
    profile, _ = recorder.record(text, "--rate", 4000)
    by_name = {}
    for node, value in profile.folded().items():
        python = [f for f in profile.stack(node) if f.kind == "python"]
        if python and python[-1].file.endswith("app.py"):
            entry = by_name.setdefault(python[-1].name, {})
            entry[python[-1].line] = entry.get(python[-1].line, 0) + value
    for name, marker in (("numbers", "inside"), ("fails", "raise")):
        total = sum(by_name[name].values())
        assert by_name[name][line_of(text, marker)] / total > 0.8, by_name[name]


def test_the_interpreter_without_threads_or_site_is_untouched(recorder):
    """Nothing of the profiler is loaded when nothing records."""
    import sys

    from profile_support import environment

    done = subprocess.run([sys.executable, "-c", "import sys; print([m for m in sys.modules if m.startswith('overdrive')])"], env=environment(), capture_output=True, text=True)
    assert done.stdout == "[]\n"

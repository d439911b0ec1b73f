"""Children of every kind end up in one file; threads have their names; exec, signals and ends of all kinds lose nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
from profile_support import ROOT, environment

MULTI = """
import multiprocessing, os, sys, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    children = [context.Process(target=burn, args=(0.15,)) for _ in range(2)]
    for c in children: c.start()
    burn(0.15)
    for c in children: c.join()
    assert [c.exitcode for c in children] == [0, 0]
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_are_followed(recorder, method):
    profile, _ = recorder.record(MULTI, args=[method])
    cpu = {}
    for sample in profile.samples():
        if any(f.name == "burn" for f in sample.stack):
            pid = sample.thread.process.pid
            cpu[pid] = cpu.get(pid, 0) + sample.cpu_ns
    assert len(cpu) == 3, cpu
    assert all(0.1e9 < value < 0.3e9 for value in cpu.values()), cpu
    assert not list(recorder.folder.glob("*.parts*"))


def test_a_forked_child_is_not_sampled_into_its_parents_file(recorder):
    text = """
import os, time
def burn():
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
for _ in range(5):
    pid = os.fork()
    if not pid:
        burn()
        os._exit(0)
    os.waitpid(pid, 0)
"""
    profile, _ = recorder.record(text)
    pids = {s.thread.process.pid for s in profile.samples() if any(f.name == "burn" for f in s.stack)}
    main = min(p.pid for p in profile.processes)
    assert len(pids) == 5 and main not in pids


def test_subprocess_and_exec(recorder):
    text = """
import os, subprocess, sys, signal, time
def spin(seconds=0.1):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
spin()
subprocess.run([sys.executable, "-c", "import time\\nend = time.process_time() + 0.1\\nwhile time.process_time() < end: pass"], check=True)
subprocess.run(["true"], check=True)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
spin()
os.execv("/bin/sh", ["sh", "-c", "echo alive"])
"""
    profile, out = recorder.record(text)
    assert out == "alive\n"
    assert {p.name[:5] for p in profile.processes} == {"app.p", "-c im"}
    assert profile.unseen == {"true": 1}


def test_children_that_cannot_record_are_named(recorder):
    text = """
import subprocess, sys
for flags, env in ((["-S"], None), ([], {})):
    subprocess.run([sys.executable, *flags, "-c", "pass"], env=env, check=True)
for _ in range(3): subprocess.run(["true"], check=True)
"""
    profile, _ = recorder.record(text)
    python = os.path.basename(os.path.realpath(sys.executable))[:15]
    assert profile.unseen["true"] == 3
    assert sum(n for name, n in profile.unseen.items() if name in (python, "python")) == 2, (profile.unseen, python)
    assert "5 child processes were not recorded" in recorder.command("export", "record.odp", "--format", "text").stdout


def test_a_failing_exec_goes_on_recording(recorder):
    text = """
import os, time
try: os.execv("/nonexistent", ["x"])
except FileNotFoundError: pass
def after():
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
after()
"""
    profile, _ = recorder.record(text)
    assert sum(s.cpu_ns for s in profile.samples() if any(f.name == "after" for f in s.stack)) > 0.1e9


@pytest.mark.parametrize("handler", ["lambda *a: hits.append(a)", "signal.SIG_IGN", "signal.SIG_DFL"])
def test_the_programs_own_sigtrap_handler(recorder, handler):
    text = f"""
import os, signal, time
hits = []
def burn():
    end = time.process_time() + 0.3
    while time.process_time() < end: pass
signal.signal(signal.SIGTRAP, {handler})
burn()
if hits: print("spurious", len(hits))
os.kill(os.getpid(), signal.SIGTRAP)
burn()
print("hits", len(hits))
"""
    fatal = handler.endswith("DFL")
    profile, out = recorder.record(text, code=128 + signal.SIGTRAP if fatal else 0)
    assert out == ("" if fatal else f"hits {int('append' in handler)}\n")
    assert sum(s.cpu_ns for s in profile.samples() if any(f.name == "burn" for f in s.stack)) > (0.2e9 if fatal else 0.5e9)


def test_threads_have_their_own_samples_and_names(recorder):
    text = """
import threading, time
def burn():
    end = time.thread_time() + 0.15
    while time.thread_time() < end: pass
threads = [threading.Thread(target=burn, name=f"burner {k}") for k in range(4)]
for t in threads: t.start()
for t in threads: t.join()
"""
    profile, _ = recorder.record(text)
    cpu = {}
    for sample in profile.samples():
        if any(f.name == "burn" for f in sample.stack):
            cpu[sample.thread.name] = cpu.get(sample.thread.name, 0) + sample.cpu_ns
    assert set(cpu) == {f"burner {k}" for k in range(4)}
    assert all(0.1e9 < value < 0.2e9 for value in cpu.values()), cpu


def test_tasks_are_told_apart(recorder):
    text = """
import asyncio, time
async def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(x for x in range(2000))
        await asyncio.sleep(0)
async def quick(): await burn(0.2)
async def slow(): await burn(0.6)
async def main(): await asyncio.gather(quick(), slow(), slow())
asyncio.run(main())
"""
    profile, _ = recorder.record(text)
    cpu = {}
    for task, value in zip(profile.task, profile.cpu):
        if task:
            cpu[profile.task_names[task]] = cpu.get(profile.task_names[task], 0) + value
    assert {"quick #1", "slow #1", "slow #2"} <= set(cpu), cpu
    assert cpu["slow #1"] > 1.5 * cpu["quick #1"], cpu


def test_many_threads_with_small_stacks(recorder):
    text = """
import threading, time
threading.stack_size(256 * 1024)
def burn():
    end = time.thread_time() + 0.004
    while time.thread_time() < end: sorted(range(300))
threads = [threading.Thread(target=burn) for _ in range(500)]
for t in threads: t.start()
for t in threads: t.join()
print("done")
"""
    profile, out = recorder.record(text, timeout=120)
    assert out == "done\n"
    assert len([t for t in profile.threads if t.name.startswith("Thread-")]) >= 480
    assert profile.totals()["counters"]["unmerged"] <= len(profile.time) / 200


def test_interrupt_keeps_what_was_recorded(recorder):
    import overdrive.profile

    path = recorder.write("app.py", "import time\nprint('up', flush=True)\nwhile True: sum(range(1000))\n")
    child = subprocess.Popen(
        [sys.executable, "-m", "overdrive", "profile", "-o", "record.odp", str(path)],
        cwd=recorder.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )
    assert child.stdout.readline() == "up\n"
    time.sleep(1.5)
    os.killpg(child.pid, signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 128 + signal.SIGINT, errors
    assert len(overdrive.profile.read(str(recorder.folder / "record.odp")).time) > 100


def test_a_killed_program_leaves_a_readable_record(recorder):
    text = """
import os, signal, time
end = time.process_time() + 0.5
while time.process_time() < end: pass
os.kill(os.getpid(), signal.SIGKILL)
"""
    profile, _ = recorder.record(text, code=128 + signal.SIGKILL)
    assert len(profile.time) > 400
    assert not profile.processes[0].ended
    assert not profile.problems


def test_os_exit_and_crash_keep_the_record(recorder):
    for last, code in (("os._exit(7)", 7), ("import ctypes; ctypes.string_at(0)", 128 + signal.SIGSEGV)):
        profile, _ = recorder.record(f"import os, time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n{last}\n", code=code)
        assert len(profile.time) > 100


def test_exit_code_and_arguments_are_the_programs(recorder):
    _, out = recorder.record("import sys\nprint(sys.argv[1:], __name__)\nsys.exit(5)\n", args=["-m", "--rate", "x"], code=5)
    assert out == "['-m', '--rate', 'x'] __main__\n"
    done = recorder.command("profile", "-o", "m.odp", "-m", "this")
    assert done.returncode == 0 and "Zen" in done.stdout
    done = recorder.command("profile", "-o", "c.odp", "-c", "import sys; print(sys.argv)", "a")
    assert done.stdout == "['-c', 'a']\n"


@pytest.mark.parametrize("line", [["app.py"], ["-m", "app"], ["--", "app.py"]], ids="_".join)
def test_pythons_own_options_are_the_programs(recorder, line):
    import overdrive.profile

    recorder.write("app.py", "import sys\nprint(sys.argv[1:], sys.flags.dev_mode, sys.warnoptions[-1])\nsum(range(10**6))\n")
    done = recorder.command("profile", "-X", "dev", "--rate", "500", "-Werror", *line, "--rate", "1")
    assert (done.returncode, done.stdout) == (0, "['--rate', '1'] True error\n"), done.stderr
    (process,) = overdrive.profile.read(str(recorder.folder / "app.odp")).processes
    assert process.name == ("-m app" if "-m" in line else "app.py") and process.options["rate"] == 500


def test_no_system_call_is_interrupted(recorder):
    """A signal sent by a timer would make nanosleep and epoll in C return early; Python would retry, so C is asked directly."""
    text = """
import ctypes, time
C = ctypes.CDLL(None, use_errno=True)
class Span(ctypes.Structure): _fields_ = [("s", ctypes.c_long), ("ns", ctypes.c_long)]
early = 0
for _ in range(150):
    end = time.perf_counter() + 0.0015
    while time.perf_counter() < end: pass
    early += C.nanosleep(ctypes.byref(Span(0, 800000)), None) != 0
    early += C.poll(None, 0, 1) < 0
print(early)
"""
    profile, out = recorder.record(text)
    assert profile.processes[0].clock == "sigtrap", "this test needs the best clock"
    assert out == "0\n"


def test_memory_of_code_that_is_freed_and_made_again(recorder):
    text = """
import time
end = time.process_time() + 1.2
k = 0
while time.process_time() < end:
    k += 1
    space = {}
    exec(compile(f"def made_{k}():\\n" + "\\n" * (k % 50) + f"    x = 0\\n    for i in range(3000): x += i\\n    return {k}", f"file_{k}", "exec"), space)
    space[f"made_{k}"]()
"""
    profile, _ = recorder.record(text, "--rate", 5000)
    looked = 0
    for node in set(profile.node):
        for f in profile.stack(node):
            if f.name.startswith("made_"):
                looked += 1
                assert f.file == f"file_{f.name[5:]}"
                assert f.code.first_line == 1 and 1 <= f.line <= 60
    assert looked > 500


def test_libraries_that_come_and_go(recorder):
    text = """
import ctypes, _ctypes, time
end = time.process_time() + 1
n = 0
while time.process_time() < end:
    library = ctypes.CDLL("libz.so.1")
    library.crc32.argtypes = [ctypes.c_ulong, ctypes.c_char_p, ctypes.c_uint]
    for _ in range(50): library.crc32(0, b"x" * 50000, 50000)
    _ctypes.dlclose(library._handle)
    n += 1
print(n > 5)
"""
    profile, out = recorder.record(text, "--rate", 4000)
    assert out == "True\n"
    assert any(f.module.startswith("libz") for f in profile.frames)


def test_the_context_manager_records_a_part(tmp_path):
    text = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
import overdrive.profile
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
burn(0.2)
with overdrive.profile.record("part.odp", rate=2000): burn(0.3)
burn(0.2)
profile = overdrive.profile.read("part.odp")
print(0.25e9 < sum(s.cpu_ns for s in profile.samples() if any(f.name == "burn" for f in s.stack)) < 0.35e9)
with overdrive.profile.record("part2.odp"): burn(0.1)
try:
    with overdrive.profile.record("x.odp"):
        with overdrive.profile.record("y.odp"): pass
except overdrive.profile.RecordError as error: print(error)
"""
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True\nrecording cannot start: a recording is already running in this process\n"


@pytest.mark.heavy
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_hundreds_of_runs_over_children(recorder, method):
    text = MULTI.replace("0.15", "0.01")
    for _ in range(334):
        profile, _ = recorder.record(text, args=[method], timeout=60)
        assert len({p.pid for p in profile.processes}) >= 3

"""What tools outside see of compiled code: perf's dump file, gdb's images."""

import collections
import os
import pathlib
import shutil
import struct
import subprocess
import sys

import pytest

HOT = """
import time
def hot(count):
    x = y = 0.5
    for k in range(count):
        HOT_STATEMENTS  # hot
    return x
def spend(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        hot(20_000)
""".replace("HOT_STATEMENTS", "; ".join(f"x = x * 0.{factor} + y" for factor in range(99, 79, -1)))  # long: what the loop's own line takes is small beside it
HOT_LINE = next(n for n, line in enumerate(HOT.splitlines(), 1) if line.endswith("# hot"))


def run(folder, text, prefix=(), **environment):
    """Runs the program `text` compiled; returns the finished process."""
    path = folder / "app.py"
    path.write_text(text)
    done = subprocess.run(
        [*prefix, sys.executable, path], cwd=folder, env={**os.environ, "OVERDRIVE": "1", **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done


# ----------------------------------------------------------------------------------------------------------------- the dump

Load = collections.namedtuple("Load", "pid name address code lines")


def read_dump(pid):
    """The dump of a process: [Load]; the file is removed."""
    path = pathlib.Path(f"/tmp/jit-{pid}.dump")
    data = path.read_bytes()
    path.unlink()
    magic, version, header, machine, _, its_pid, start, flags = struct.unpack_from("<6I2Q", data)
    assert (magic, version, header, machine, its_pid, flags) == (0x4A695444, 1, 40, 62, pid, 0)
    loads, lines, at, before = [], [], header, start
    while at < len(data):
        kind, size, time = struct.unpack_from("<IIQ", data, at)
        assert time >= before and at + size <= len(data)
        body, before = data[at + 16 : at + size], time
        if kind == 2:
            address, count = struct.unpack_from("<QQ", body)
            lines, position = [], 16
            for _ in range(count):
                place, line, discriminator = struct.unpack_from("<Qii", body, position)
                end = body.index(b"\0", position + 16)
                lines.append((place - address, line, body[position + 16 : end].decode()))
                position = end + 1
            assert position == len(body)
        elif kind == 0:
            load_pid, _, vma, address, bytes_, index = struct.unpack_from("<II4Q", body)
            name, code = body[40:].split(b"\0", 1)
            assert vma == address and len(code) == bytes_ and index == len(loads)
            loads.append(Load(load_pid, name.decode(), address, code, lines))
            lines = []
        else:
            raise AssertionError(kind)
        at += size
    assert at == len(data) and not lines
    return loads


def check_hot(folder, loads, name="hot"):
    units = [load for load in loads if load.name == f"py_od:{name}:{folder / 'app.py'}"]
    assert units
    for unit in units:
        offsets = [offset for offset, _, _ in unit.lines]
        assert offsets == sorted(offsets) and offsets[0] == 0 and offsets[-1] < len(unit.code)
        assert HOT_LINE in {line for _, line, _ in unit.lines}
        assert {file for _, _, file in unit.lines} == {str(folder / "app.py")}


def test_the_dump_has_code_and_lines(tmp_path):
    done = run(tmp_path, HOT + "spend(0.2)\nimport os; print(os.getpid()); print(open('/proc/self/maps').read())", OVERDRIVE_JITDUMP="1")
    pid, maps = done.stdout.split("\n", 1)
    loads = read_dump(int(pid))
    check_hot(tmp_path, loads)
    assert {load.pid for load in loads} == {int(pid)}
    assert "py_od:exit" in {load.name for load in loads}
    mapped = [line.split() for line in maps.splitlines() if line.endswith(f"/tmp/jit-{pid}.dump")]
    assert len(mapped) == 1 and mapped[0][1] == "r-xp"  # what perf looks for


def test_a_forked_child_dumps_what_it_has_and_what_it_makes(tmp_path):
    text = HOT + f"""
import os
spend(0.2)
child = os.fork()
if not child:
    exec(compile({HOT.replace("hot(", "other(")!r}, __file__, "exec"))
    spend(0.2)
else:
    os.waitpid(child, 0)
    print(os.getpid(), child)
"""
    done = run(tmp_path, text, OVERDRIVE_JITDUMP="1")
    parent, child = map(int, done.stdout.split())
    before, after = read_dump(parent), read_dump(child)
    check_hot(tmp_path, before)
    check_hot(tmp_path, after)
    check_hot(tmp_path, after, "other")
    assert not any("other" in load.name for load in before)
    assert {load.pid for load in after} == {child}


def test_no_dump_unless_asked(tmp_path):
    done = run(tmp_path, HOT + "spend(0.1)\nimport os; print(os.getpid())")
    assert not os.path.exists(f"/tmp/jit-{done.stdout.strip()}.dump")


@pytest.fixture
def perf(tmp_path):
    """perf that may count here."""
    if not shutil.which("perf"):
        pytest.skip("no perf")
    if subprocess.run(["perf", "record", "-q", "-o", tmp_path / "probe", "true"], capture_output=True).returncode:
        pytest.skip("perf may not record here")
    return "perf"


def test_perf_finds_the_hot_line(tmp_path, perf):
    done = run(tmp_path, HOT + "spend(0.6)\nimport os; print(os.getpid())", [perf, "record", "-k", "mono", "-q", "-o", "raw"], OVERDRIVE_JITDUMP="1")
    subprocess.run([perf, "inject", "--jit", "-i", "raw", "-o", "data"], cwd=tmp_path, check=True, capture_output=True)
    listed = subprocess.run([perf, "script", "-i", "data", "-F", "ip,sym,srcline"], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    lines, samples = collections.Counter(), listed.splitlines()
    for symbol, place in zip(samples, samples[1:]):
        if "py_od:hot" in symbol:
            lines[place.strip()] += 1
    os.unlink(f"/tmp/jit-{done.stdout.strip()}.dump")
    for file in pathlib.Path("/tmp").glob(f"jitted-{done.stdout.strip()}-*.so"):
        file.unlink()
    assert sum(lines.values()) > 200
    assert lines[f"app.py:{HOT_LINE}"] / sum(lines.values()) >= 0.95, lines


# ----------------------------------------------------------------------------------------------------------------------- gdb

#: `inner` stops in a C function that its compiled code calls, after many calls that do nothing.
STOPS = """
import os
kill, me = os.kill, os.getpid()
def inner(signals):
    x = 1
    for signal in signals:
        x = x * 3 % 1000
        kill(me, signal)  # inner
    return x
def outer(signals):
    x = 0.5
    x = x * 3.0
    x += inner(signals)  # outer
    return x
def main():
    for k in range(12):
        outer([0, 0, 0])
    while True:
        outer([0, 10, 0])
main()
"""

#: Walks the stack after each of many single steps in compiled code, from the entry of `inner` to its end.
STEPS = r"""
import gdb
def stack():
    out, frame = [], gdb.newest_frame()
    while frame:
        out.append(frame)
        frame = frame.older()
    return out
def compiled(frame): return (frame.name() or "").startswith("py_od:")
def unit(frame): return compiled(frame) and frame.name().count(":") > 1   # others are routines that units share
gdb.execute("handle SIGUSR1 stop print nopass")
gdb.execute("run")
print("LINES", [(f.name().split(":")[1], f.find_sal().line) for f in stack() if unit(f)])
entry = next(f.block().start for f in stack() if unit(f) and ":inner:loop" in f.name())
gdb.execute("handle SIGUSR1 nostop noprint")
gdb.Breakpoint(f"*{entry:#x}", temporary=True)
gdb.execute("continue", to_string=True)
gdb.execute("set scheduler-locking on")
steps, places, wrong = 0, set(), 0
while steps < 1000:
    now = stack()
    if not compiled(now[0]):
        gdb.execute("finish", to_string=True)
        continue
    if ":outer:" in now[0].name(): break
    steps += 1
    places.add(now[0].pc())
    names = [f.name() for f in now]
    if not any(n and ":outer:" in n for n in names) or names[-1] not in ("main", "_start"):
        wrong += 1
        print("WRONG", hex(now[0].pc()), names)
    gdb.execute("stepi", to_string=True)
print("STEPS", steps, len(places), wrong)
gdb.execute("kill")
"""


@pytest.fixture
def gdb(tmp_path):
    if not shutil.which("gdb"):
        pytest.skip("no gdb")
    if "works" not in subprocess.run(["gdb", "-q", "-nx", "-batch", "-ex", "python print('works')"], capture_output=True, text=True).stdout:
        pytest.skip("this gdb has no Python")
    return ["gdb", "-q", "-nx", "-batch"]


def test_gdb_walks_through_compiled_frames(tmp_path, gdb):
    (tmp_path / "app.py").write_text(STOPS)
    (tmp_path / "steps.py").write_text(STEPS)
    done = subprocess.run(
        [*gdb, "-x", "steps.py", "--args", sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**os.environ, "OVERDRIVE": "1", "OVERDRIVE_MODE": "warm:4", "OVERDRIVE_GDB": "1", "DEBUGINFOD_URLS": ""},
    )
    out = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith(("LINES", "STEPS", "WRONG"))}
    assert "STEPS" in out, done.stdout + done.stderr
    line = {name: n for n, text in enumerate(STOPS.splitlines(), 1) for name in ("inner", "outer") if text.endswith(f"# {name}")}
    assert eval(out["LINES"].removeprefix("LINES"))[:2] == [("inner", line["inner"]), ("outer", line["outer"])]
    _, steps, places, wrong = out["STEPS"].split()
    assert int(wrong) == 0, out["WRONG"]
    assert 80 < int(steps) < 1000 and int(places) > 50
    assert "<in-memory" not in done.stderr  # it complains about images that it does not understand


def test_gdb_is_told_when_code_goes(tmp_path):
    """The list of images holds what is installed, neither more nor less, and is linked both ways."""
    text = r"""
import ctypes, gc, overdrive, sys
for n in range(700):
    space = {}
    exec(f'''
def f_{n}(x):
    for k in range(5): x = x * 5 % 1013 + k
    for k in range(5): x = x * 5 % 1013 + k
    for k in range(5): x = x * 5 % 1013 + k
    return x
''', space)
    for k in range(4): space[f"f_{n}"](k)
class Entry(ctypes.Structure): pass
Entry._fields_ = [("next", ctypes.POINTER(Entry)), ("prev", ctypes.POINTER(Entry)), ("data", ctypes.POINTER(ctypes.c_char)), ("size", ctypes.c_uint64)]
class Descriptor(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("action", ctypes.c_uint32), ("relevant", ctypes.POINTER(Entry)), ("first", ctypes.POINTER(Entry))]
overdrive.disable()
gc.collect(); gc.disable()  # functions that die take their images along
descriptor = Descriptor.in_dll(ctypes.CDLL(sys.modules["overdrive._core"].__file__), "__jit_debug_descriptor")
assert (descriptor.version, descriptor.action, bool(descriptor.relevant)) == (1, 0, False)
entry, before, images = descriptor.first, None, 0
while entry:
    assert (ctypes.addressof(entry[0].prev[0]) if entry[0].prev else None) == before
    assert entry[0].data[:4] == b"\x7fELF"
    images, before, entry = images + 1, ctypes.addressof(entry[0]), entry[0].next
print(images, overdrive.stats()["compiled"], overdrive.stats()["code_bytes"])
"""
    done = run(tmp_path, text, OVERDRIVE_GDB="1", OVERDRIVE_MODE="warm:2", OVERDRIVE_CODE_MEMORY="1")
    images, compiled, code_bytes = map(int, done.stdout.split())
    assert compiled > 600 and code_bytes <= 1 << 20
    assert 5 < images < compiled / 2, done.stdout
    none = run(tmp_path, text, OVERDRIVE_MODE="warm:2")
    assert none.stdout.split()[0] == "0"

"""Stacks are true: checked against call relations that cannot occur, and against lines that are known to be hot."""

import profile_breaker as breaker
import pytest
from profile_support import line_of, share_of_line

from overdrive.profile import format

#: Three quarters of the time in one line, in each of the layers that a stack can end in.
PLANTED = '''
import hashlib, time
DATA = b"x" * 3_000_000
BIG = [(k * 7919) % 1000003 for k in range(50000)]
def in_python(count):
    total = 0
    while count:
        total = (total * 31 + count * count * count + count // 3 + count * 17 - (total ^ count) * 5 + total // 7) % 1000003; count -= 1  # python
    return total
def in_native():
    hashlib.sha256(DATA)  # native
def in_sort():
    sorted(BIG)  # sort
def in_kernel(zero=open("/dev/zero", "rb", buffering=0), room=bytearray(1 << 22)):
    zero.readinto(room)  # kernel
def run(function, *args):
    end = time.process_time() + 0.7
    while time.process_time() < end:
        function(*args)
import sys
run({"python": in_python, "native": in_native, "sort": in_sort, "kernel": in_kernel}[sys.argv[1]], *([200000] if sys.argv[1] == "python" else []))
'''


@pytest.mark.parametrize("place", ["python", "native", "sort", "kernel"])
def test_a_planted_hot_line_is_found(recorder, place):
    profile, _ = recorder.record(PLANTED, args=[place])
    file = recorder.folder / "app.py"
    hot = {line_of(PLANTED, place)}
    marked = share = 0
    for node, value in profile.folded().items():
        python = [f for f in profile.stack(node) if f.kind == "python"]
        names = [f.name for f in python if f.file == str(file)]
        if f"in_{place}" in names:  # start-up and imports are not the program's hot part
            marked += value
            share += value if python[-1].line in hot else 0
    assert marked > 400e6
    assert share / marked >= 0.95
    assert share_of_line(profile, file, hot) > 0.5


def check_breaker(recorder, seconds, rate, least, options=()):
    text, calls = breaker.generate()
    profile, _ = recorder.record(text, "--rate", rate, *options, args=[seconds], timeout=seconds * 10 + 60)
    samples, pairs, wrong = breaker.impossible(profile, str(recorder.folder / "app.py"), calls)
    assert samples >= least
    assert pairs > samples
    assert wrong == []
    # Imports at the start may meet a library before its table is there; the program itself has no such excuse.
    file = str(recorder.folder / "app.py")
    inside = [s.flags for s in profile.samples() if any(f.file == file and f.name == "main" for f in s.stack)]
    assert len(inside) > least / 2
    assert not any(flags & format.UNMERGED for flags in inside)
    assert sum(bool(flags & format.NATIVE_CUT) for flags in inside) <= len(inside) / 1000
    return profile


def test_no_impossible_stack(recorder):
    check_breaker(recorder, 3, 10000, 15000)


def test_no_impossible_stack_with_timers(recorder):
    profile = check_breaker(recorder, 1, 1000, 500, ["--clock", "timer"])
    assert profile.processes[0].clock == "timer"


def test_no_impossible_stack_without_the_kernel(recorder):
    profile = check_breaker(recorder, 1, 1000, 500, ["--clock", "sigtrap-user"])
    assert profile.processes[0].clock == "sigtrap-user"


@pytest.mark.heavy
def test_no_impossible_stack_in_a_million(recorder):
    check_breaker(recorder, 110, 10000, 1_000_000)


def test_the_checker_finds_impossible_stacks(recorder):
    """The test above can fail: with one call relation removed, the checker complains."""
    text, calls = breaker.generate()
    profile, _ = recorder.record(text, "--rate", 5000, args=[1])
    line = next(n for n, names in calls.items() if names == {"dive"} and "depth - 1" in text.splitlines()[n - 1])
    del calls[line]
    assert breaker.impossible(profile, str(recorder.folder / "app.py"), calls)[2]


def test_columns_point_at_the_call(recorder):
    text = "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: x = sum(range(1000)) + len(repr(list(range(2000))))\n"
    profile, _ = recorder.record(text)
    spans = {}
    line = text.splitlines()[2]
    for node, value in profile.folded().items():
        python = [f for f in profile.stack(node) if f.kind == "python"]
        if python and python[-1].line == 3 and python[-1].file.endswith("app.py") and python[-1].column is not None:
            span = line[python[-1].column : python[-1].end_column]
            spans[span] = spans.get(span, 0) + value
    assert max(spans, key=spans.get) == "repr(list(range(2000)))"


def test_deep_recursion_is_cut_and_marked(recorder):
    text = """
import sys, time
sys.setrecursionlimit(20000)
def down(n):
    if n: return down(n - 1)
    end = time.process_time() + 0.3
    while time.process_time() < end: pass
down(15000)
"""
    profile, _ = recorder.record(text)
    cut = [s for s in profile.samples() if s.flags & format.TRUNCATED]
    assert len(cut) > 200
    assert all(s.stack[0].kind == "mark" and s.stack[-1].name for s in cut)
    assert all(f.name == "down" for s in cut for f in s.stack[1:-1] if f.kind == "python")


def test_kernel_frames(recorder):
    text = """
import os, time
zero = os.open("/dev/zero", os.O_RDONLY)
room = bytearray(1 << 22)
end = time.process_time() + 0.8
while time.process_time() < end: os.readv(zero, [room])  # kernel
"""
    profile, _ = recorder.record(text, "--kernel")
    if not profile.processes[0].kernel:
        pytest.skip("kernel frames are not allowed here")
    line = line_of(text, "kernel")
    under = inside = 0
    for node, value in profile.folded().items():
        stack = profile.stack(node)
        python = [f for f in stack if f.kind == "python"]
        if python and python[-1].line == line and python[-1].file.endswith("app.py"):
            inside += value
            under += value if stack[-1].kind == "kernel" else 0
    assert inside > 0.5e9
    assert under / inside > 0.9
    names = {f.name for f in profile.frames if f.kind == "kernel"}
    assert any("read" in name for name in names) or all(name.startswith("0x") for name in names), names

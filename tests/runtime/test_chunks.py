"""Chunks of the datastack are kept: a call at the end of one does not go to the system each time."""

import os
import subprocess
import sys

import pytest

# The most page faults that 300 calls made at any one depth take: a new chunk is a new page.
PROGRAM = """
import resource
def leaf(x): return x
def deeper(depth):
    if depth: return deeper(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for k in range(300): leaf(k)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print(max(deeper(depth) for depth in range(400)))
"""


def faults(**environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=True
    )
    return int(done.stdout)


def test_without_overdrive_each_call_takes_a_page():
    """What the test below looks for can be seen."""
    assert faults(OVERDRIVE="0") >= 300


@pytest.mark.parametrize("mode", ["auto", "compile-all"])
def test_chunks_are_kept(mode):
    assert faults(OVERDRIVE="1", OVERDRIVE_MODE=mode) < 100


# The fewest entries into compiled code at any one depth: by calls from C, and into a generator's loop.
COUNT = """
import overdrive
def leaf(x): return x
def looping(n):
    s = 0
    for i in range(n): s += i
    yield s
def entered(work):
    before = overdrive.stats()["entries"]
    work()
    return overdrive.stats()["entries"] - before
def deeper(depth):
    if depth: return deeper(depth - 1)
    return entered(lambda: list(map(leaf, range(100)))), entered(lambda: next(looping(50)))
for _ in range(3): deeper(5)
print(*map(min, zip(*(deeper(depth) for depth in range(400)))))
"""


def test_compiled_code_is_entered_at_any_depth():
    environment = {**os.environ, "OVERDRIVE": "1", "OVERDRIVE_MODE": "warm:2"}
    done = subprocess.run([sys.executable, "-c", COUNT], env=environment, capture_output=True, text=True, timeout=60, check=True)
    calls, loops = map(int, done.stdout.split())
    assert calls >= 100 and loops >= 1

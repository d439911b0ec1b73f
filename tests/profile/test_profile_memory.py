"""Memory mode: bytes, counts and what is still alive, by line."""

import re

import pytest
from profile_support import line_of, one_sentence

PROGRAM = """
import time
kept = []
def keep():
    for k in range(400):
        kept.append(bytearray(100_000))  # keep
def drop():
    for k in range(800):
        x = bytearray(100_000)  # drop
def small():
    return [str(k) * 3 for k in range(300_000)]  # small
keep(); drop(); s = small()
"""


def by_line(profile, file):
    out = {}
    for a in profile.allocations:
        python = [f for f in profile.stack(a.node) if f.file == file]
        if python:
            entry = out.setdefault(python[-1].line, [0, 0, 0.0])
            entry[0] += a.weight
            entry[1] += a.weight if a.freed_ns is None else 0
            entry[2] += a.weight / a.size if a.size >= 100_000 else 0  # the buffers, not their 57-byte objects
    return out


def test_allocations_by_line(recorder):
    profile, _ = recorder.record(PROGRAM, "--mode", "memory", "--memory-interval", "64")
    lines = by_line(profile, str(recorder.folder / "app.py"))
    keep, drop, small = (lines[line_of(PROGRAM, name)] for name in ("keep", "drop", "small"))
    assert keep[0] == pytest.approx(40e6, rel=0.15) and keep[1] > 0.9 * keep[0]
    assert drop[0] == pytest.approx(80e6, rel=0.15) and drop[1] < 0.1 * drop[0]
    assert keep[2] == pytest.approx(400, rel=0.15)  # blocks
    # Two strings and an int each turn, and a list that grows by an eighth at a time and is counted anew whenever it does.
    expected = sum(50 + len(str(k)) + 50 + 3 * len(str(k)) + 28 for k in range(300_000)) + 9 * 8 * 300_000
    assert small[0] == pytest.approx(expected, rel=0.25) and small[1] > 0
    assert "still alive" in recorder.command("export", "record.odp", "--format", "text").stdout


def test_what_was_recorded_is_said_and_exported(recorder):
    """As bytes, in every format that can show them; the others are refused."""
    import collections
    import json

    import overdrive.profile
    from overdrive.profile import export

    path = recorder.write("app.py", PROGRAM)
    done = recorder.command("profile", "--mode", "memory", path)
    profile = overdrive.profile.read(str(recorder.folder / "app.odp"))
    allocated, alive = (sum(profile.folded(weight).values()) for weight in ("allocated", "alive"))
    closing = re.fullmatch(r"overdrive: ([\d,]+) allocations sampled, which stand for about ([\d.]+) MiB, 0 lost, .*\n", done.stderr)
    assert closing and int(closing[1].replace(",", "")) == len(profile.allocations), done.stderr
    assert float(closing[2]) == pytest.approx(allocated / 2**20, abs=0.1)

    def by_function(*options):
        out = collections.Counter()
        for line in recorder.command("export", "app.odp", "--format", "collapsed", *options).stdout.splitlines():
            stack, _, count = line.rpartition(" ")
            out[stack.rpartition(";")[2].partition(" (")[0]] += int(count)
        return out

    counts = by_function()
    assert counts.total() == allocated and counts["drop"] > counts["keep"] > 20e6
    assert by_function("--weight", "alive").total() == alive and by_function("--weight", "alive")["drop"] < 0.2 * counts["drop"]
    document = json.loads(export.export(profile, "speedscope"))
    assert {p["unit"] for p in document["profiles"]} == {"bytes"} and sum(p["endValue"] for p in document["profiles"]) == allocated
    assert "1 thread " in recorder.command("export", "app.odp", "--format", "text").stdout
    for name in export.OF_TIME:
        one_sentence(recorder.command("export", "app.odp", "--format", name), 3, "memory mode")
    one_sentence(recorder.command("export", "app.odp", "--format", "text", "--weight", "cpu"), 3, "use allocated")
    one_sentence(recorder.command("diff", "app.odp", "app.odp"), 3, "app.odp is a record of memory mode")


def test_memory_mode_costs_little(recorder):
    """User CPU time of an allocating program, with and without, in turns; the bound leaves room for a noisy machine."""
    import statistics
    import subprocess
    import sys

    from profile_support import environment

    text = """
import json, sys, time
document = json.dumps([{"id": k, "name": f"n{k}", "tags": ["a", str(k)], "v": k * 1.5} for k in range(300)])
def heavy():
    for _ in range(6): json.loads(document)
    return len([(k, float(k)) for k in range(8000)]) + len({str(k): [k] for k in range(5000)})
import overdrive.profile
heavy()
ratios = []
for turn in range(9):
    def measure():
        start = time.thread_time()
        for _ in range(8): heavy()
        return time.thread_time() - start
    plain = measure()
    with overdrive.profile.record(f"m{turn}.odp", mode="memory"): sampled = measure()
    ratios.append(sampled / ((plain + measure()) / 2))
print(" ".join(map(str, ratios)))
"""
    done = subprocess.run([sys.executable, "-c", text], cwd=recorder.folder, env=environment(), capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    ratio = statistics.median(map(float, done.stdout.split()))
    print(f"memory mode: x{ratio:.3f} user CPU time")
    assert ratio < 1.25

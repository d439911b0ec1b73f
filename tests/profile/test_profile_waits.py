"""Waits: their sums, their kinds, and who held the GIL."""

import pytest
from profile_support import line_of

DUEL = """
import threading, time
def greedy(end):
    x = 0
    while time.time() < end:
        for k in range(2000): x += k  # greedy
def napper(end):
    naps = 0
    while time.time() < end:
        time.sleep(0.02)
        naps += 1
    print(naps)
end = time.time() + 1.5
threads = [threading.Thread(target=f, args=(end,), name=n) for f, n in ((greedy, "one"), (greedy, "two"), (napper, "nap"))]
for t in threads: t.start()
for t in threads: t.join()
"""


def test_running_and_waiting_add_up_to_the_time_that_passed(recorder):
    profile, naps = recorder.record(DUEL)
    if not profile.processes[0].waits:
        pytest.skip("the kernel refuses context-switch events here")
    sums, span = {}, {}
    for s in profile.samples():
        entry = sums.setdefault(s.thread.name, {"cpu": 0, "blocked": 0, "gil": 0, "preempted": 0, "unnamed": 0})
        entry["cpu"] += s.cpu_ns
        entry[s.state if s.state != "cpu" else "unnamed"] += s.wait_ns
        first, _ = span.setdefault(s.thread.name, (s.time_ns, 0))
        span[s.thread.name] = first, s.time_ns
    for name in ("one", "two", "nap"):
        wall = span[name][1] - span[name][0]
        assert sum(sums[name].values()) == pytest.approx(wall, rel=0.03)
        assert sums[name]["unnamed"] < 0.02 * wall
    # The greedy take turns: while one runs the other waits for the GIL, and all of a duel is GIL time.
    assert sums["one"]["gil"] + sums["two"]["gil"] > 0.25 * (span["one"][1] - span["one"][0])
    # After each nap the napper queues for the GIL as well, as long as chance has it: only the naps themselves, and what the timer is late, are blocked time.
    assert 0.97 <= sums["nap"]["blocked"] / (int(naps) * 0.02e9) < 1.5
    assert sums["nap"]["gil"] > 0


def test_the_gils_holder_is_named(recorder):
    profile, _ = recorder.record(DUEL)
    if not profile.processes[0].waits:
        pytest.skip("the kernel refuses context-switch events here")
    holders = profile.gil_holders()
    total = sum(holders.values())
    hot = sum(ns for (name, file, line), ns in holders.items() if name == "greedy" and line in (line_of(DUEL, "greedy"), line_of(DUEL, "greedy") - 1))
    assert total > 0.2e9 and hot / total > 0.9
    assert "held the GIL" in recorder.command("export", "record.odp", "--format", "text").stdout


def test_a_wait_without_an_end_is_seen(recorder):
    """A daemon thread that still waits when the program ends has no event for it."""
    profile, _ = recorder.record(
        "import threading, time\nlock = threading.Lock(); lock.acquire()\ndef stuck(): lock.acquire()\n"
        "threading.Thread(target=stuck, daemon=True).start()\ntime.sleep(0.5)\n"
    )
    waited = sum(s.wait_ns for s in profile.samples() if any(f.name == "stuck" for f in s.stack))
    assert waited == pytest.approx(0.5e9, rel=0.3)


def test_garbage_collection_is_marked(recorder):
    from overdrive.profile import format

    profile, _ = recorder.record("import gc, time\nkept = [[k] for k in range(300000)]\nend = time.process_time() + 0.4\nwhile time.process_time() < end: gc.collect()\n")
    marked = sum(s.cpu_ns for s in profile.samples() if s.flags & format.COLLECTING)
    assert marked > 0.3e9

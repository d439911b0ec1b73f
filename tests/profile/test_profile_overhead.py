"""What recording costs, and that the bound of --max-overhead holds. Bounds leave room for a machine that is busy with other things;
measure_overhead.py prints the figures themselves."""

import measure_overhead


def test_the_handler_costs_little_beyond_the_bare_clock():
    found = {name: measure_overhead.measure(function, 5000, 9) for name, function in measure_overhead.programs().items()}
    for name, (share, sample, beyond) in found.items():
        print(f"{name}: {sample:.1f} us a sample, {beyond:+.1f} us beyond the bare clock")
    assert sorted(beyond for _, _, beyond in found.values())[1] < 15


def test_the_governor_lowers_the_rate(recorder):
    text = "import time\nend = time.process_time() + 3\nwhile time.process_time() < end: sorted(range(300), key=str)\n"
    profile, _ = recorder.record(text, "--rate", "10000", "--max-overhead", "1%", timeout=100)
    assert profile.processes[0].rates, "the rate was never changed"
    assert profile.processes[0].rates[-1][1] < 3000
    late = [s for s in profile.samples() if s.time_ns > profile.time[0] + 0.6 * profile.duration_ns]
    cpu = sum(s.cpu_ns for s in late)
    assert len(late) / (cpu / 1e9) < 3000
    # The weights follow the rate: no CPU time is lost or invented.
    assert 2.6e9 < sum(profile.cpu) < 3.6e9

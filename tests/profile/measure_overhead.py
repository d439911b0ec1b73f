"""What recording costs the program: CPU time with the clock held, with the bare clock, and with full samples, in turns inside
one process.

    python tests/profile/measure_overhead.py [turns]

Prints, for programs with mixed stacks: % of CPU time at 1 kHz, us a sample, and us beyond the bare clock. Medians of
interleaved turns, since the machine may be busy with other things.
"""

import hashlib
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[2]), str(pathlib.Path(__file__).parent)]

import profile_breaker as breaker

from overdrive import _profile


def programs():
    text, _ = breaker.generate()
    space = {"__name__": "breaker"}
    exec(compile(text, "breaker_program.py", "exec"), space)
    data = b"x" * 1_000_000
    return {
        "calls": lambda: [space["work"]() for _ in range(25)],
        "sort": lambda: [sorted(range(2000), key=str) for _ in range(60)],
        "sha256": lambda: [hashlib.sha256(data).digest() for _ in range(60)],
    }


def measure(function, rate, turns):
    """(share of CPU time, us a sample, us beyond the bare clock), medians."""
    shares, beyond = [], []
    with tempfile.TemporaryDirectory() as folder:
        _profile.start(os.path.join(folder, "x.odp"), "{}", rate=rate)
        try:
            end = time.process_time() + 1.5  # until most stacks have been seen once
            while time.process_time() < end:
                function()

            def spend(mode):
                _profile.bare(mode == "bare")
                _profile.pause(mode == "held")
                start = time.thread_time()
                function()
                return time.thread_time() - start

            for _ in range(turns):
                held, bare, full, bare2, held2 = (spend(m) for m in ("held", "bare", "full", "bare", "held"))
                plain = (held + held2) / 2
                shares.append(full / plain - 1)
                beyond.append((full - (bare + bare2) / 2) / (plain * rate) * 1e6)
        finally:
            _profile.stop()
    share = statistics.median(shares)
    return share, share * 1e6 / rate, statistics.median(beyond)


if __name__ == "__main__":
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    for rate in (1000, 10000):
        for name, function in programs().items():
            share, sample, beyond = measure(function, rate, turns)
            print(f"{name:<7} {rate:>5} Hz: {100 * share:+6.2f} % CPU, {sample:5.1f} us a sample, {beyond:+5.1f} us beyond the bare clock", flush=True)

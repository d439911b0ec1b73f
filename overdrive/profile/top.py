"""`overdrive top --pid N`: the hottest lines and functions of a running Python, renewed each second."""

import collections
import os
import shutil
import sys
import tempfile
import time

from overdrive._words import counted
from overdrive.profile import merge, text

_WINDOW_S = 1.0
_KEEP = 0.6  # how much of the sums before survives a window: a line that went cold is gone after some seconds


class _Sums:
    """Fading sums over the windows so far."""

    def __init__(self):
        self.lines, self.functions = collections.Counter(), collections.Counter()
        self.states = collections.Counter()
        self.samples = self.total = 0.0

    def add(self, profile):
        for counter in (self.lines, self.functions, self.states):
            for key in list(counter):
                counter[key] *= _KEEP
                if counter[key] < 1e4:
                    del counter[key]
        self.samples = self.samples * _KEEP + len(profile.time)
        self.total = self.total * _KEEP + sum(profile.cpu)
        for key, (value, _) in text.lines(profile).items():
            self.lines[key] += value
        for key, (own, _, _) in text.functions(profile).items():
            self.functions[key] += own
        for state, wait in profile.totals()["wait_ns"].items():
            self.states[state] += wait


def watch(pid, rate, duration=None, out=None):
    """Show process `pid` until Ctrl-C, its end, or for `duration` seconds. Returns the exit code."""
    from overdrive import _profile
    from overdrive.profile import attach
    from overdrive.profile.model import Profile

    out = out or sys.stdout
    live = out.isatty()
    sums, started, windows = _Sums(), time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="overdrive-top-") as folder:
        try:
            while duration is None or time.monotonic() - started < duration:
                part = os.path.join(folder, f"{windows}.part")
                attach.start(pid, part, rate)
                end = time.monotonic() + _WINDOW_S
                alive = True
                try:
                    while alive and time.monotonic() < end:
                        time.sleep(0.05)
                        alive = _profile.attach_alive()
                finally:
                    counters = _profile.attach_stop()
                profile = Profile.from_bytes(merge.merged_bytes([part]))
                os.unlink(part)
                sums.add(profile)
                windows += 1
                _show(out, live, pid, profile, sums, counters)
                if not alive:
                    out.write(f"process {pid} has ended\n")
                    break
        except KeyboardInterrupt:
            out.write("\n")
    return 0


def _show(out, live, pid, profile, sums, counters):
    width, height = shutil.get_terminal_size((100, 30))
    process = profile.processes[0]
    rows = max(4, (height - 9) // 2)
    total = sums.total or 1
    lines = [
        f"overdrive top  pid {pid}  {process.name}  Python {process.python}  {counted(len(profile.threads), 'thread')}  {text.seconds(sum(profile.cpu))} of CPU in this second",
        f"{counted(counters['samples'], 'sample')}, {counters['lost']:,} discarded; waiting: "
        + (", ".join(f"{state} {text.seconds(ns)}" for state, ns in profile.totals()["wait_ns"].items() if ns and state != "cpu") or "nothing"),
        "",
        "  share        line",
    ]
    for (file, line, name), value in sums.lines.most_common(rows):
        share = f"{100 * value / total:6.1f} % ±{text.confidence(value / total * sums.samples, sums.samples):<3.1f}"
        lines.append(text.row(share, name, f"{file}:{line}", width - 1))
    lines += ["", "  share        function, own time"]
    for (_kind, name, place), value in sums.functions.most_common(rows):
        lines.append(text.row(f"{100 * value / total:6.1f} %     ", name, place, width - 1))
    fitted = [line if len(line) < width else line[: width - 2] + "…" for line in lines]
    if live:
        out.write("\x1b[H\x1b[2J" + "\n".join(fitted[: height - 1]) + "\n")
    else:
        out.write("\n".join(fitted) + "\n\n")
    out.flush()

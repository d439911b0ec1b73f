"""The summary for a terminal, and the sentences about a recording's quality that every view shows."""

import collections
import math
import os
import shutil

from overdrive._words import counted

#: What the clocks lose, for people; docs/profile.md has the whole table.
CLOCKS = {
    "sigtrap": "perf events that signal the sampled thread (nothing lost)",
    "sigtrap-user": "perf events without the kernel: time inside system calls is seen only as a total, waits fall on the line after",
    "timer": "timers: system calls may be interrupted (EINTR), waits are sampled by time",
    "attach": "read from outside, Python frames only",
    "attach-free": "read from outside while it runs, Python frames only: many stacks are discarded, and some are wrong",
    "none": "no clock (memory mode)",
}

#: Clocks that are only used where a better one is refused, or on request.
LESSER_CLOCKS = ("sigtrap-user", "timer", "attach-free")


def clock(process):
    """The clock of a process, why it is not the best one, and what it loses."""
    why = ""
    if process.clock in LESSER_CLOCKS:
        why = " (asked for)" if process.options.get("force") == process.clock else " (the kernel refuses a better one)"
    return f"clock: {process.clock}{why} - {CLOCKS.get(process.clock, 'unknown')}"


def seconds(ns):
    """Nanoseconds for people: three digits and a unit."""
    value = abs(ns)
    for unit, scale in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if value >= scale:
            number = ns / scale
            return f"{number:.{max(0, 2 - int(math.log10(abs(number))))}f} {unit}"
    return f"{ns:.0f} ns"


def size(count):
    """Bytes for people."""
    for unit, scale in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} bytes"


def confidence(count, total):
    """Half of the 95 % interval of a share, in percent points: the square-root law of sampling (Wilson's interval)."""
    if not total:
        return 0.0
    p, z = count / total, 1.96
    return 100 * z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))


def taken(profile):
    """How much was recorded: samples, or allocations of memory mode."""
    if profile.of_memory:
        total = sum(a.weight for a in profile.allocations)
        return f"{counted(len(profile.allocations), 'allocation')} sampled, which stand for about {size(total)}"
    totals = profile.totals()
    return f"{counted(totals['samples'], 'sample')} ({totals['counters'].get('switches', 0):,} at the end of a wait)"


def quality(profile):
    """Sentences: samples taken, lost and degraded, clock used, what could not be read."""
    totals = profile.totals()
    c = totals["counters"]
    out = [f"{taken(profile)}, {c.get('lost', 0):,} lost"]
    degraded = []
    for name, sentence in (
        ("unmerged", "with native and Python frames that did not fit"),
        ("native_cut", "with a native stack that ends early"),
        ("truncated", "with deeper frames cut"),
        ("intern_full", "shortened because the table of stacks was full"),
    ):
        if c.get(name):
            degraded.append(f"{c[name]} {sentence}")
    out.append("degraded: " + (", ".join(degraded) if degraded else "none"))
    out += sorted({clock(process) for process in profile.processes})
    if any(p.clock == "sigtrap" and not p.waits and p.options.get("mode") == "wall" for p in profile.processes):
        out.append("waits were not sampled: the kernel refuses context-switch events (perf_event_paranoid above 1 and no CAP_PERFMON)")
    if any(p.options.get("kernel") and not p.kernel for p in profile.processes):
        out.append("kernel frames were not recorded: they need perf_event_paranoid at most 1 or CAP_PERFMON")
    if c.get("disk_full"):
        out.append("the disk was full: later samples are lost")
    crashed = [p for p in profile.processes if not p.ended]
    if crashed:
        out.append(f"{len(crashed)} of {counted(len(profile.processes), 'process')} ended without closing their record (killed, crashed, or still running)")
    if profile.unseen:
        names = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in profile.unseen.most_common(8))
        unseen = sum(profile.unseen.values())
        out.append(f"{counted(unseen, 'child process')} {'was' if unseen == 1 else 'were'} not recorded (other programs, -S, another environment): {names}")
    return out + profile.problems


def functions(profile, weight="cpu"):
    """Own and total weight by function: {(kind, name, place): [own, total, own samples]}."""
    values = profile.weights(weight)
    own, counts = collections.Counter(), collections.Counter()
    for node, value in zip(profile.node, values):
        if value:
            own[node] += value
            counts[node] += 1
    out = collections.defaultdict(lambda: [0, 0, 0])
    for node, value in own.items():
        stack = profile.trimmed_stack(node)
        for key in {key_of(frame) for frame in stack}:
            out[key][1] += value
        if stack:
            entry = out[key_of(stack[-1])]
            entry[0] += value
            entry[2] += counts[node]
    return out


def lines(profile, weight="cpu"):
    """Own weight by line of Python code, native callees included: {(file, line, function): [weight, samples]}."""
    out = collections.defaultdict(lambda: [0, 0])
    values = profile.weights(weight)
    own, counts = collections.Counter(), collections.Counter()
    for node, value in zip(profile.node, values):
        if value:
            own[node] += value
            counts[node] += 1
    for node, value in own.items():
        for frame in reversed(profile.stack(node)):
            if frame.kind in ("python", "compiled"):
                entry = out[frame.file, frame.line, frame.name]
                entry[0] += value
                entry[1] += counts[node]
                break
    return out


def key_of(frame):
    """What makes frames the same function."""
    if frame.kind in ("python", "compiled"):
        return frame.kind, frame.name, f"{frame.file}:{frame.code.first_line if frame.code else frame.line}"
    return frame.kind, frame.name, frame.module


def summary(profile, weight="cpu", width=None, rows=15):
    """The text of `export --format text`."""
    width = width or min(shutil.get_terminal_size((100, 24)).columns, 160)
    totals = profile.totals()
    out = []
    for process in profile.processes[:8]:
        threads = sum(1 for t in profile.threads if t.process is process)
        pace = f"a sample in {size(profile.memory_interval)}" if profile.of_memory else f"{process.rate} Hz"
        out.append(f"{process.name}  pid {process.pid}  Python {process.python}  {counted(threads, 'thread')}  {pace}")
    if len(profile.processes) > 8:
        out.append(f"... and {counted(len(profile.processes) - 8, 'more process')}")
    if profile.of_memory:
        return "\n".join(out + quality(profile) + ["", *_memory(profile, width, rows)]) + "\n"
    waits = totals["wait_ns"]
    parts = [f"CPU {seconds(totals['cpu_ns'])}"]
    for state, name in (("blocked", "blocked"), ("gil", "waiting for the GIL"), ("preempted", "ready but not running")):
        if waits.get(state):
            parts.append(f"{name} {seconds(waits[state])}")
    out.append(f"{seconds(profile.duration_ns)} recorded: " + ", ".join(parts))
    out += quality(profile)
    holders = profile.gil_holders().most_common(5)
    if sum(ns for _, ns in holders) > 0.01 * (totals["cpu_ns"] + 1):
        out += ["", "Lines that held the GIL while others waited for it (time of waiting)"]
        out += [row(f"{seconds(ns):>9}", name, f"{file}:{line}", width) for (name, file, line), ns in holders]
    total = sum(profile.weights(weight)) or 1
    samples = sum(1 for value in profile.weights(weight) if value)
    if samples:
        unit = (lambda v: str(v)) if weight == "samples" else seconds
        out += ["", f"Lines of Python ({weight}; what they call in native code included)"]
        ranked = sorted(lines(profile, weight).items(), key=lambda item: -item[1][0])
        for (file, line, name), (value, count) in ranked[:rows]:
            numbers = f"{100 * value / total:5.1f} % ±{confidence(count, samples):.1f}  {unit(value):>8}"
            out.append(row(numbers, name, f"{file}:{line}", width))
        out += ["", f"Functions by own {weight} (own, with callees)"]
        ranked = sorted(functions(profile, weight).items(), key=lambda item: -item[1][0])
        for (kind, name, place), (own, whole, count) in ranked[:rows]:
            if own:
                out.append(row(f"{100 * own / total:5.1f} % {100 * whole / total:5.1f} %  {kind:<8}", name, place, width))
    return "\n".join(out) + "\n"


def _memory(profile, width, rows):
    """The allocations by line of Python."""
    sums = collections.defaultdict(lambda: [0, 0, 0.0])
    for a in profile.allocations:
        for frame in reversed(profile.stack(a.node)):
            if frame.kind in ("python", "compiled"):
                entry = sums[frame.name, frame.file, frame.line]
                break
        else:
            entry = sums["?", "?", 0]
        entry[0] += a.weight
        entry[1] += a.weight if a.alive else 0
        entry[2] += a.blocks
    total = sum(entry[0] for entry in sums.values()) or 1
    out = ["  share   allocated  still alive    blocks  line"]
    for (name, file, line), (all_, alive, blocks) in sorted(sums.items(), key=lambda item: -item[1][0])[:rows]:
        out.append(row(f"{100 * all_ / total:5.1f} %  {size(all_):>10}  {size(alive):>11}  {blocks:>8.0f}", name, f"{file}:{line}", width))
    return out


def row(numbers, name, place, width):
    """One row of a table in `width` columns: a long name loses its end, a long path its beginning, never the line number."""
    room = width - len(f"{numbers}   ()")
    least = 24  # of a name, for which a path is cut
    file_and_line = len(os.path.basename(place)) + 1
    if len(place) > (places := max(room - min(len(name), least), file_and_line)):
        place = "…" + place[len(place) - places + 1 :]
    if len(name) > (names := max(room - len(place), 1)):
        name = name[: names - 1] + "…"
    return f"{numbers}  {name} ({place})"

"""A record in the formats of other tools. Each writer takes a Profile and returns bytes.

What a format cannot say is lost in it (columns, waits, GIL holders, confidence): the record itself keeps all of it.
"""

import collections
import gzip
import json

from overdrive.profile import ProfileError
from overdrive.profile.model import MEMORY_WEIGHTS, TIME_WEIGHTS

#: Format name -> writer; filled by the decorator.
WRITERS = {}


#: The formats that can only show what happened when.
OF_TIME = ("gecko", "chrome")


def export(profile, name, weight=None):
    """The bytes of `profile` in the format `name` (a key of WRITERS).

    weight: one of model.TIME_WEIGHTS, or of MEMORY_WEIGHTS for a record of memory mode; None: the first of them.
    Raises ProfileError for a weight or a format that this record cannot have.
    """
    mode, weights = ("memory", MEMORY_WEIGHTS) if profile.of_memory else ("wall or cpu", TIME_WEIGHTS)
    weight = weight or weights[0]
    if weight not in weights:
        raise ProfileError(f"a record of {mode} mode has no weight {weight}; use {', '.join(weights)}")
    if profile.of_memory and name in OF_TIME:
        raise ProfileError(f"{name} shows time, which a record of memory mode has none of; use {', '.join(n for n in WRITERS if n not in OF_TIME)}")
    return WRITERS[name](profile, weight)


def _writer(function):
    WRITERS[function.__name__.removeprefix("write_")] = function
    return function


@_writer
def write_collapsed(profile, weight):
    """One line a stack: frames outermost first, joined by semicolons, and a count of samples (of one period each), or of bytes."""
    period = 1 if weight == "samples" or profile.of_memory else _period_ns(profile)
    lines = collections.Counter()
    for node, value in profile.folded(weight).items():
        stack = ";".join(str(frame).replace(";", ":").replace("\n", " ") for frame in profile.trimmed_stack(node)) or "[no frames]"
        lines[stack] += value
    out, carry = [], 0.0
    for stack, value in sorted(lines.items()):
        # Rounding each line by itself would lose the many stacks that were hit half a period.
        exact = value / period + carry
        count = max(0, round(exact))
        carry = exact - count
        if count:
            out.append(f"{stack} {count}\n")
    return "".join(out).encode(errors="surrogateescape")


def _period_ns(profile):
    rates = [process.rate for process in profile.processes if process.rate]
    return 1_000_000_000 // max(rates, default=1000)


def _by_thread(profile, weight):
    """[(thread, [(time, node, value), ...]), ...] for threads that have any samples, or allocations."""
    out = {thread: [] for thread in profile.threads}
    if profile.of_memory:
        places = [(a.thread, a.time_ns, a.node) for a in profile.allocations]
    else:
        places = zip((profile.threads[k] for k in profile.thread), profile.time, profile.node)
    for (thread, time, node), value in zip(places, profile.weights(weight)):
        out[thread].append((time, node, value))
    return [(thread, rows) for thread, rows in out.items() if rows]


class _FrameTable:
    """Numbers for frames, and each node's stack as numbers."""

    def __init__(self, profile):
        self.profile, self.index, self.frames, self.stacks = profile, {}, [], {}

    def stack(self, node):
        """Frame numbers of a node's trimmed stack, outermost first."""
        if node not in self.stacks:
            numbers = []
            for frame in self.profile.trimmed_stack(node):
                key = frame.kind, frame.name, frame.file, frame.line, frame.module
                if key not in self.index:
                    self.index[key] = len(self.frames)
                    self.frames.append(frame)
                numbers.append(self.index[key])
            self.stacks[node] = numbers
        return self.stacks[node]


@_writer
def write_speedscope(profile, weight):
    """speedscope.app's JSON: one sampled profile a thread."""
    unit = "none" if weight == "samples" else "bytes" if profile.of_memory else "nanoseconds"
    table = _FrameTable(profile)
    profiles = []
    for thread, rows in _by_thread(profile, weight):
        rows = [(table.stack(node), value) for _, node, value in rows if value]
        profiles.append(
            {
                "type": "sampled",
                "name": f"{thread.process.name} {thread.process.pid} · {thread.name}",
                "unit": unit,
                "startValue": 0,
                "endValue": sum(value for _, value in rows),
                "samples": [stack for stack, _ in rows],
                "weights": [value for _, value in rows],
            }
        )
    frames = []
    for frame in table.frames:
        entry = {"name": str(frame)}
        if frame.file:
            entry.update(file=frame.file, line=frame.line or None, col=None if frame.column is None else frame.column + 1)
        frames.append({k: v for k, v in entry.items() if v is not None})
    document = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "shared": {"frames": frames},
        "profiles": profiles,
        "exporter": "overdrive",
        "activeProfileIndex": 0,
    }
    return json.dumps(document).encode(errors="surrogateescape")


@_writer
def write_chrome(profile, weight):
    """Chrome's trace events with stack frames and samples, for Perfetto and chrome://tracing."""
    table = _FrameTable(profile)
    nodes, node_of = {}, {}

    def place(stack):
        parent = None
        for number in stack:
            key = parent, number
            if key not in node_of:
                node_of[key] = str(len(node_of) + 1)
                frame = table.frames[number]
                nodes[node_of[key]] = {"name": str(frame), "category": frame.kind}
                if parent is not None:
                    nodes[node_of[key]]["parent"] = parent
            parent = node_of[key]
        return parent

    events, samples = [], []
    start = profile.time[0] if len(profile.time) else 0
    for process in profile.processes:
        events.append({"ph": "M", "name": "process_name", "pid": process.pid, "tid": process.pid, "args": {"name": process.name}})
    for thread, rows in _by_thread(profile, weight):
        pid = thread.process.pid
        events.append({"ph": "M", "name": "thread_name", "pid": pid, "tid": thread.tid, "args": {"name": thread.name}})
        open_frames = []  # [(number, start)]: a duration event for each stretch that a frame stays on the stack

        def close(down_to, at):
            while len(open_frames) > down_to:
                number, since = open_frames.pop()
                frame = table.frames[number]
                events.append({"ph": "X", "name": str(frame), "cat": frame.kind, "pid": pid, "tid": thread.tid, "ts": since, "dur": max(at - since, 0.001)})

        last = None
        for time, node, value in rows:
            stack, now = table.stack(node), (time - start) / 1000
            since = max(now - value / 1000, last or 0.0) if weight != "samples" else now
            same = 0
            while same < min(len(stack), len(open_frames)) and open_frames[same][0] == stack[same]:
                same += 1
            close(same, since)
            open_frames += [(number, since) for number in stack[same:]]
            samples.append({"cpu": 0, "tid": thread.tid, "ts": now, "name": "sample", "sf": place(stack), "weight": value})
            last = now
        close(0, last or 0.0)
    return json.dumps({"traceEvents": events, "stackFrames": nodes, "samples": samples, "displayTimeUnit": "ms"}).encode(errors="surrogateescape")


@_writer
def write_gecko(profile, weight):
    """The Firefox profiler's "Gecko" JSON (profiler.firefox.com)."""
    start = profile.time[0] if len(profile.time) else 0
    categories = [
        {"name": "Python", "color": "yellow", "subcategories": ["Other"]},
        {"name": "Native", "color": "blue", "subcategories": ["Other"]},
        {"name": "Compiled", "color": "green", "subcategories": ["Other"]},
        {"name": "Kernel", "color": "orange", "subcategories": ["Other"]},
        {"name": "Other", "color": "grey", "subcategories": ["Other"]},
    ]
    category_of = {"python": 0, "native": 1, "compiled": 2, "kernel": 3, "mark": 4}
    table = _FrameTable(profile)
    threads = []
    for thread, rows in _by_thread(profile, weight):
        strings, frame_rows, frame_of, stack_rows, stack_of = {}, [], {}, [], {}

        def string(text):
            return strings.setdefault(text, len(strings))

        samples = []
        for time, node, value in rows:
            parent = None
            for number in table.stack(node):
                frame = table.frames[number]
                if number not in frame_of:
                    frame_of[number] = len(frame_rows)
                    column = None if frame.column is None else frame.column + 1
                    frame_rows.append([string(str(frame)), False, 0, None, None, frame.line or None, column, category_of[frame.kind], 0])
                key = parent, frame_of[number]
                if key not in stack_of:
                    stack_of[key] = len(stack_rows)
                    stack_rows.append([parent, frame_of[number]])
                parent = stack_of[key]
            samples.append([parent, (time - start) / 1e6, 0, value / 1e6])
        threads.append(
            {
                "name": thread.name,
                "processType": "default",
                "processName": f"{thread.process.name} {thread.process.pid}",
                "tid": thread.tid,
                "pid": thread.process.pid,
                "registerTime": rows[0][0] / 1e6 - start / 1e6,
                "unregisterTime": None,
                "markers": {"schema": {"name": 0, "startTime": 1, "endTime": 2, "phase": 3, "category": 4, "data": 5}, "data": []},
                "samples": {"schema": {"stack": 0, "time": 1, "eventDelay": 2, "threadCPUDelta": 3}, "data": samples},
                "frameTable": {
                    "schema": {
                        "location": 0, "relevantForJS": 1, "innerWindowID": 2, "implementation": 3, "optimizations": 4,
                        "line": 5, "column": 6, "category": 7, "subcategory": 8,
                    },
                    "data": frame_rows,
                },
                "stackTable": {"schema": {"prefix": 0, "frame": 1}, "data": stack_rows},
                "stringTable": list(strings),
            }
        )
    meta = {
        "version": 27,
        "startTime": profile.header.get("start_realtime_ns", 0) / 1e6,
        "shutdownTime": None,
        "interval": _period_ns(profile) / 1e6,
        "stackwalk": 1,
        "debug": 0,
        "gcpoison": 0,
        "asyncstack": 0,
        "processType": 0,
        "product": "overdrive",
        "platform": "Linux",
        "categories": categories,
        "markerSchema": [],
        "sampleUnits": {"time": "ms", "eventDelay": "ms", "threadCPUDelta": "ns"},
    }
    return json.dumps({"meta": meta, "libs": [], "threads": threads, "processes": [], "pausedRanges": []}).encode(errors="surrogateescape")


# ------------------------------------------------------------------------------------------------------------------ pprof


def _varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value) if value else b""


def _bytes(field, data):
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _packed(field, values):
    return _bytes(field, b"".join(map(_varint, values))) if values else b""


@_writer
def write_pprof(profile, weight):
    """pprof's gzipped protocol buffer, with all of a record's values, whichever was asked for."""
    strings, functions, locations = {"": 0}, {}, {}
    out = []

    def string(text):
        return strings.setdefault(text, len(strings))

    def value_type(kind, unit):
        return _number(1, string(kind)) + _number(2, string(unit))

    if profile.of_memory:
        types = ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")
        rows = ((a.node, (a.blocks, a.weight, a.alive * a.blocks, a.alive * a.weight)) for a in profile.allocations)
        every = _bytes(11, value_type("space", "bytes")) + _number(12, profile.memory_interval)
    else:
        types = ("samples", "count"), ("cpu", "nanoseconds"), ("wait", "nanoseconds")
        rows = ((node, (1, cpu, wait)) for node, cpu, wait in zip(profile.node, profile.cpu, profile.wait))
        every = _bytes(11, value_type("cpu", "nanoseconds")) + _number(12, _period_ns(profile))
    out += [_bytes(1, value_type(*both)) for both in types]
    sums = collections.defaultdict(lambda: [0] * len(types))
    for node, values in rows:
        sums[node] = [total + value for total, value in zip(sums[node], values)]
    definitions = []
    for node, values in sums.items():
        ids = []
        for frame in reversed(profile.trimmed_stack(node)):
            name = frame.name if frame.kind != "mark" else str(frame)
            key = name, frame.file or frame.module
            if key not in functions:
                functions[key] = len(functions) + 1
                line = frame.code.first_line if frame.code else 0
                definitions.append(_bytes(5, _number(1, functions[key]) + _number(2, string(name)) + _number(3, string(name)) + _number(4, string(key[1])) + _number(5, line)))
            place = functions[key], frame.line, frame.address
            if place not in locations:
                locations[place] = len(locations) + 1
                line = _bytes(4, _number(1, functions[key]) + _number(2, frame.line))
                definitions.append(_bytes(4, _number(1, locations[place]) + _number(3, frame.address) + line))
            ids.append(locations[place])
        out.append(_bytes(2, _packed(1, ids) + _packed(2, [round(value) for value in values])))
    out += definitions
    start = profile.header.get("start_realtime_ns", 0)
    tail = _number(9, start) + _number(10, profile.duration_ns) + every
    table = b"".join(_bytes(6, text.encode(errors="replace")) for text in strings)
    return gzip.compress(b"".join(out) + table + tail, mtime=0)


@_writer
def write_text(profile, weight):
    """A summary that fits a terminal."""
    from overdrive.profile import text

    return text.summary(profile, weight).encode(errors="replace")



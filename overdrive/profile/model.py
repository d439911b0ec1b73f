"""A record as plain Python objects: processes, threads, frames, and columns of samples.

Times are nanoseconds. A sample stands for `cpu_ns` of CPU time spent in its stack and for
`wait_ns` that its thread did not run, which `state` explains.
"""

import bisect
import collections
import json
import os
import struct
import zlib
from array import array

from overdrive import _launch
from overdrive.profile import ProfileError, format
from overdrive.profile.linetable import positions_for


#: What can be added up: of samples, and of memory mode's allocations. The first is meant where nothing is said.
TIME_WEIGHTS = ("cpu", "wait", "wall", "samples")
MEMORY_WEIGHTS = ("allocated", "alive")

_MOST_NS = 1 << 53  # no thread ran, or waited, for a hundred days


class Process:
    """One recorded process (an exec that records again counts as another).

    pid, ppid; argv, executable, python (its version), cwd; clock ("sigtrap", "sigtrap-user",
    "timer", "attach", "none"), waits and kernel (whether those were sampled), rate (Hz asked for);
    counters (dict of what the recorder counted); ended (False: it was killed or crashed).
    """

    def __init__(self, part):
        self.part = part
        self.pid = self.ppid = 0
        self.argv = []
        self.executable = self.python = self.cwd = ""
        self.options = {}
        self.clock, self.waits, self.kernel, self.rate = "none", False, False, 0
        self.counters = {}
        self.ended = False
        self.rates = []
        self.notes = []

    @property
    def name(self):
        """A short name for people: the program's file or module."""
        kind, program = _launch.named_program(self.argv[1:])
        if kind:
            return f"-{kind} {program[:40]}"
        return os.path.basename(program) or "python"


class Thread:
    """One thread: its process, the kernel's id `tid`, and a name."""

    def __init__(self, process, tid):
        self.process, self.tid = process, tid
        self.comm = ""
        self.python_name = ""
        self.start_ns = 0  # when it began, 0 if that was not seen

    @property
    def name(self):
        return self.python_name or self.comm or str(self.tid)


class Module:
    """A library or program file that was loaded: path, build_id, load_address, size (bytes of address space)."""

    def __init__(self, path, build_id, load_address, size=0):
        self.path, self.build_id, self.load_address, self.size = path, build_id, load_address, size
        self.name = os.path.basename(path) or "?"


class Code:
    """A Python code object: name, qualname, file, first_line, code (its bytecode as it ran)."""

    def __init__(self, name, qualname, file, first_line, line_table, code, version=(3, 13)):
        self.version = version
        self.name, self.qualname, self.file, self.first_line = name, qualname, file, first_line
        self.line_table, self.code = line_table, code
        self._positions = None

    def position(self, instruction):
        """(line, end_line, column, end_column) of a code unit; parts may be None."""
        if self._positions is None:
            self._positions = positions_for(self.version, self.line_table, self.first_line)
        if 0 <= instruction < len(self._positions):
            return self._positions[instruction]
        return (self.first_line, None, None, None)


class Frame:
    """One frame of a stack.

    kind: "python", "native", "compiled" (Python run by Overdrive's compiler), "kernel" or "mark"
    (says that the stack was cut). name; file and line where known; column, end_line, end_column;
    module (library of a native frame); code and instruction of a Python frame; address.
    """

    __slots__ = ("kind", "name", "file", "line", "column", "end_line", "end_column", "module", "code", "instruction", "address")

    def __init__(self, kind, name, file="", line=0, module="", code=None, instruction=0, address=0, column=None, end_line=None, end_column=None):
        self.kind, self.name, self.file, self.line, self.module = kind, name, file, line, module
        self.code, self.instruction, self.address = code, instruction, address
        self.column, self.end_line, self.end_column = column, end_line, end_column

    def __str__(self):
        if self.kind in ("python", "compiled"):
            return f"{self.name} ({self.file}:{self.line})"
        if self.kind == "mark":
            return f"[{self.name}]"
        return f"{self.name} ({self.module})"

    def __repr__(self):
        return f"<Frame {self.kind} {self}>"


Sample = collections.namedtuple("Sample", "time_ns thread stack cpu_ns wait_ns state flags node")
Sample.__doc__ = """One sample. stack: list of Frame, outermost first. state: "cpu", "blocked", "gil" or "preempted"."""


class Profile:
    """All of a record.

    processes, threads, frames: lists. node_parent, node_frame: the tree of stacks (arrays; node 0 is
    the root, a parent comes before its children). Columns, one entry a sample in order of time:
    time, cpu, wait (ns), node, thread (index into threads), state (index into format.STATES), flags,
    task (0, or a number for the outermost coroutine, which is the asyncio task's; task_names has their names).
    sources: dict of file name to text, as it was when the recording ended. machine: list of dicts, compiled units
    that have samples: qualname, file, first_line of the function, unit (its name), rows (instruction, offset, text).
    """

    def __init__(self):
        self.processes, self.threads, self.frames = [], [], []
        self.node_parent, self.node_frame = array("I", [0]), array("I", [0])
        self.sources, self.machine = {}, []
        self.header = {}
        self.problems = []  # sentences about what the file lacks
        self.time, self.cpu, self.wait = array("Q"), array("q"), array("q")
        self.node, self.thread = array("I"), array("I")
        self.state, self.flags = bytearray(), array("H")
        self.task, self.task_names = array("Q"), {}
        self.allocations = []
        self.unseen = collections.Counter()  # names of processes that left no record

    # ------------------------------------------------------------------------------------- reading

    @classmethod
    def read(cls, path):
        """See overdrive.profile.read."""
        if os.path.isdir(path):
            from overdrive.profile import merge

            parts = merge.parts_in(path)
            if not parts:
                raise ProfileError(f"{path} is a folder without parts of a recording")
            data = merge.merged_bytes(parts)
        else:
            with open(path, "rb") as file:
                data = file.read()
        return cls.from_bytes(data, path)

    @classmethod
    def from_bytes(cls, data, path="the data"):
        from overdrive import _profile

        try:
            raw = _profile.scan(data)
        except ValueError as error:
            raise ProfileError(f"{path}: {error}") from None
        return _Reader(cls(), data, raw).read()

    # ------------------------------------------------------------------------------------- looking

    def stack(self, node):
        """The frames of a node, outermost first."""
        out = []
        while node:
            out.append(self.frames[self.node_frame[node]])
            node = self.node_parent[node]
        out.reverse()
        return out

    def trimmed_stack(self, node):
        """The frames of a node without what the C library and the interpreter run before the first Python frame."""
        stack = self.stack(node)
        for k, frame in enumerate(stack):
            if frame.kind in ("python", "compiled", "mark"):
                return stack[k:]
        return stack

    def samples(self):
        """Iterate over all samples in order of time."""
        states, threads = format.STATES, self.threads
        for k in range(len(self.time)):
            yield Sample(
                self.time[k], threads[self.thread[k]], self.stack(self.node[k]), self.cpu[k], self.wait[k], states[self.state[k]], self.flags[k], self.node[k]
            )

    def totals(self):
        """Sums over the recording: samples, cpu_ns, wait_ns by state, and the recorder's counters."""
        counters = collections.Counter()
        for process in self.processes:
            counters.update(process.counters)
        waits = collections.Counter()
        for state, wait in zip(self.state, self.wait):
            waits[format.STATES[state]] += wait
        return {"samples": len(self.time), "cpu_ns": sum(self.cpu), "wait_ns": dict(waits), "counters": dict(counters)}

    @property
    def of_memory(self):
        """Whether memory mode recorded it: then there are allocations in place of samples."""
        return any(process.options.get("mode") == "memory" for process in self.processes)

    @property
    def memory_interval(self):
        """Mean distance of memory mode's samples, in bytes."""
        return max((process.options.get("memory_interval", 512 * 1024) for process in self.processes), default=0)

    @property
    def duration_ns(self):
        """From the first sample, or allocation, to the last."""
        times = [a.time_ns for a in self.allocations] if self.of_memory else self.time
        return times[-1] - times[0] if len(times) > 1 else 0

    def weights(self, what="cpu"):
        """The column to add up, one entry a sample: "cpu" (ns), "wait" (ns), "wall" (both) or "samples".

        Of memory mode, one entry an allocation: "allocated" (bytes) or "alive" (those of them that were never freed).
        """
        if what == "cpu":
            return self.cpu
        if what == "wait":
            return self.wait
        if what == "wall":
            return array("q", (c + w for c, w in zip(self.cpu, self.wait)))
        if what == "samples":
            return array("q", [1]) * len(self.time)
        if what == "allocated":
            return array("Q", (a.weight for a in self.allocations))
        if what == "alive":
            return array("Q", (a.weight if a.alive else 0 for a in self.allocations))
        raise ValueError(f"there is no weight {what!r}; use {', '.join(TIME_WEIGHTS)}, or of memory mode {' or '.join(MEMORY_WEIGHTS)}")

    def folded(self, what="cpu"):
        """Counter of stacks: node -> summed weight, for nodes that have any."""
        out = collections.Counter()
        nodes = (a.node for a in self.allocations) if what in MEMORY_WEIGHTS else self.node
        for node, weight in zip(nodes, self.weights(what)):
            if weight:
                out[node] += weight
        return out

    def gil_holders(self):
        """Who held the GIL while others waited: Counter of (function, file, line) -> ns of waiting.

        Each wait is shared out over the samples that other threads of its process took inside of it while they held the GIL; a wait
        too short to have one goes to the nearest such sample within 5 ms, and else to ("?", "", 0).
        """
        held = collections.defaultdict(lambda: ([], []))
        for k, flags in enumerate(self.flags):
            if flags & format.HOLDS_GIL:
                times, samples = held[id(self.threads[self.thread[k]].process)]
                times.append(self.time[k])
                samples.append(k)
        gil, near = format.STATES.index("gil"), 5_000_000
        out, places = collections.Counter(), {}

        def place(k):
            node = self.node[k]
            if node not in places:
                python = [f for f in self.stack(node) if f.kind in ("python", "compiled")]
                places[node] = (python[-1].name, python[-1].file, python[-1].line) if python else ("?", "", 0)
            return places[node]

        for k, state in enumerate(self.state):
            if state != gil or not self.wait[k]:
                continue
            times, samples = held[id(self.threads[self.thread[k]].process)]
            first, end = bisect.bisect_left(times, self.time[k] - self.wait[k]), bisect.bisect_right(times, self.time[k])
            inside = [s for s in samples[first:end] if self.thread[s] != self.thread[k]]
            if not inside:
                around = [s for s in samples[max(0, first - 4) : end + 4] if self.thread[s] != self.thread[k] and abs(self.time[s] - self.time[k]) < near]
                inside = sorted(around, key=lambda s: abs(self.time[s] - self.time[k]))[:1]
            for s in inside:
                out[place(s)] += self.wait[k] / len(inside)
            if not inside:
                out["?", "", 0] += self.wait[k]
        return out

    def source(self, file):
        """The text of a source file, from the record or else from this machine; None if neither has it."""
        if file in self.sources:
            return self.sources[file]
        try:
            import tokenize

            with tokenize.open(file) as stream:
                return stream.read()
        except (OSError, SyntaxError, UnicodeDecodeError):
            return None


class _Reader:
    """Turns the scanned columns of one file into a Profile."""

    def __init__(self, profile, data, raw):
        self.profile, self.data, self.raw = profile, memoryview(data), raw
        self.processes, self.threads, self.codes, self.modules = {}, {}, {}, {}
        self.symbols, self.lines = {}, {}
        self.kernel = collections.defaultdict(list)  # (part, thread) -> [(time, addresses)]
        self.frame_index = {}
        self.tasks, self.task_counts, self.coroutine_names = {}, collections.Counter(), {}

    def read(self):
        p, raw = self.profile, self.raw
        p.header = raw["header"]
        if p.header["bad_records"]:
            p.problems.append(f"{p.header['bad_records']} records are damaged and were left out")
        if p.header["cut"]:
            p.problems.append("the file is cut off; what comes before the cut is shown")
        self._raw_records()
        if not p.header["merged"]:
            self._process(0).counters = format.counters(raw["counters"])
        for process in self.processes.values():
            process.ended = bool(process.counters.get("stopped"))
        nodes = self._nodes()
        self._samples(nodes)
        self._allocations(nodes)
        p.processes = [self.processes[k] for k in sorted(self.processes)]
        if not p.processes:
            p.problems.append("the file holds no process")
        return p

    def _process(self, part):
        if part not in self.processes:
            self.processes[part] = Process(part)
        return self.processes[part]

    def _version(self, part):
        numbers = self._process(part).python.split(".")
        return (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 and numbers[1].isdigit() else (3, 13)

    def _thread(self, part, tid):
        key = part, tid
        if key not in self.threads:
            self.threads[key] = Thread(self._process(part), tid)
        return self.threads[key]

    def _raw_records(self):
        damaged = 0
        for kind, part, _tid, at, size in self.raw["raw"]:
            try:
                self._raw_record(kind, part, self.data[at : at + size])
            except (ValueError, struct.error, TypeError, AttributeError, KeyError):
                damaged += 1
        if damaged:
            self.profile.problems.append(f"{damaged} descriptive records are damaged and were left out")

    def _raw_record(self, kind, part, payload):
        if kind == format.INFO:
            self._info(part, json.loads(bytes(payload).rstrip(b"\0")))
        elif kind == format.CODE:
            head = format.CODE_HEAD.unpack_from(payload)
            pieces = _pieces(payload, format.CODE_HEAD.size, head[2:7])
            name, qualname, file = (format.text(piece, k) for piece, k in zip(pieces, head[7:10]))
            self.codes[part, head[0]] = Code(name, qualname, file, head[1], bytes(pieces[3]), bytes(pieces[4]), self._version(part))
        elif kind == format.MODULE:
            number, path_bytes, load, length, id_bytes, _ = format.MODULE_HEAD.unpack_from(payload)
            path, build_id = _pieces(payload, format.MODULE_HEAD.size, (path_bytes, id_bytes))
            self.modules[part, number] = Module(bytes(path).decode(errors="surrogateescape"), bytes(build_id).decode(errors="replace"), load, length)
        elif kind == format.SYMBOLS:
            entry = json.loads(bytes(payload).rstrip(b"\0"))
            key = entry.get("path", ""), entry.get("build_id", "")
            self.symbols.setdefault(key, {}).update((int(a), str(n)) for a, n in entry.get("names", {}).items())
            self.lines.setdefault(key, {}).update((int(a), (str(n[0]), int(n[1]))) for a, n in entry.get("lines", {}).items())
        elif kind == format.SOURCE:
            name, text = _pieces(payload, 8, struct.unpack_from("<II", payload))
            try:
                self.profile.sources[bytes(name).decode(errors="surrogateescape")] = zlib.decompress(text).decode(errors="replace")
            except zlib.error:
                raise ValueError from None
        elif kind == format.COUNTERS:
            self._process(part).counters = format.counters(payload)
        elif kind == format.KERNEL:
            time, tid, count = struct.unpack_from("<QII", payload)
            self.kernel[part, tid].append((time, struct.unpack_from(f"<{count}Q", payload, 16)))

    def _info(self, part, entry):
        kind = entry.get("kind")
        process = self._process(part)
        if kind == "process":
            for name in ("pid", "ppid", "argv", "executable", "python", "cwd", "options"):
                if name in entry:
                    setattr(process, name, entry[name])
        elif kind == "clock":
            process.clock, process.waits, process.rate = entry.get("mode", "none"), bool(entry.get("waits")), entry.get("hz", 0)
            process.kernel = bool(entry.get("kernel"))
        elif kind == "thread":
            thread = self._thread(part, entry.get("tid", 0))
            thread.comm = entry.get("comm", thread.comm)
            thread.python_name = entry.get("name", thread.python_name)
            thread.start_ns = int(entry.get("start_ns", thread.start_ns))
        elif kind == "machine":
            rows = [(int(k), int(offset), str(text)) for k, offset, text in entry["rows"]]
            self.profile.machine.append({**{k: entry[k] for k in ("qualname", "file", "first_line", "unit")}, "rows": rows})
        elif kind == "unseen":
            self.profile.unseen.update(entry.get("names", {}))
        elif kind == "rate":
            process.rates.append((entry.get("monotonic_ns", 0), entry.get("hz", 0)))
        else:
            process.notes.append(entry)

    # ------------------------------------------------------------------------------------- frames

    def _frame(self, part, word):
        """Index of the frame that a 64-bit word stands for."""
        kind, payload = word >> 60, word & (1 << 60) - 1
        if kind in (format.KIND_PYTHON, format.KIND_COMPILED):
            code = self.codes.get((part, payload >> 32 & 0xFFFFFFF))
            instruction = payload & 0xFFFFFFFF
            if code is None:
                return self._intern(("?",), lambda: Frame("python", "?", "?", 0))
            line, end_line, column, end_column = code.position(instruction)
            name = "compiled" if kind == format.KIND_COMPILED else "python"
            key = name, code.qualname, code.file, code.first_line, instruction, line
            return self._intern(
                key,
                lambda: Frame(name, code.qualname, code.file, line or code.first_line, "", code, instruction, 0, column, end_line, end_column),
            )
        if kind == format.KIND_NATIVE:
            module = self.modules.get((part, payload >> 44)) or Module("?", "", 0)
            address = payload & (1 << 44) - 1
            key = module.path, module.build_id
            name = self.symbols.get(key, {}).get(address)
            file, line = self.lines.get(key, {}).get(address, ("", 0))
            return self._intern(
                ("native", module.path, address), lambda: Frame("native", name or hex(address), file, line, module.name, None, 0, address)
            )
        if kind == format.KIND_MARK:
            text = {1: "deeper frames cut", 2: "native frames that fit no Python frame"}.get(payload, "?")
            return self._intern(("mark", payload), lambda: Frame("mark", text))
        if kind == format.KIND_KERNEL:
            return self._intern(("kernel", payload), lambda: Frame("kernel", hex(payload), module="kernel", address=payload))
        return self._intern(("address", payload), lambda: Frame("native", hex(payload), module="no library", address=payload))

    def _intern(self, key, make):
        index = self.frame_index.get(key)
        if index is None:
            index = self.frame_index[key] = len(self.profile.frames)
            self.profile.frames.append(make())
        return index

    def _nodes(self):
        """Builds the tree; returns {(part, id): node}."""
        raw = self.raw
        part, ids, parents = (array("I", raw[n]) for n in ("node_part", "node_id", "node_parent"))
        words = array("Q", raw["node_frame"])
        written = {}
        for k in range(len(ids)):
            written[part[k], ids[k]] = parents[k], module_word(part[k], words[k], self.modules)
        if self.profile.header.get("live") is None and not any(k[0] for k in self.symbols):
            self._symbolize(written)
        p = self.profile
        p.frames.append(Frame("mark", "all"))
        nodes, children = {}, {}
        self.children = children
        frames = {}
        for key in written:
            # A node may be written before its parent (by another thread), so climb first.
            chain, base = [], 0
            while key in written and len(chain) < 100_000:
                if key in nodes:
                    base = nodes[key]
                    break
                chain.append(key)
                key = key[0], written[key][0]
            for key in reversed(chain):
                word = key[0], written[key][1]
                frame = frames.get(word)
                if frame is None:
                    frame = frames[word] = self._frame(*word)
                nodes[key] = base = self._child(base, frame)
        return nodes

    def _child(self, base, frame):
        child = self.children.get((base, frame))
        if child is None:
            child = self.children[base, frame] = len(self.profile.node_parent)
            self.profile.node_parent.append(base)
            self.profile.node_frame.append(frame)
        return child

    def _with_kernel(self, node, key, since, time):
        """The node under `node` for the kernel frames that the clock met between two samples of a thread."""
        records = self.kernel.get(key)
        if not records:
            return node
        at = bisect.bisect_right(records, time, key=lambda r: r[0]) - 1
        if at < 0 or records[at][0] <= since or time - records[at][0] > 2_000_000:
            return node
        names = self.symbols.get(KERNEL_KEY, {})
        for address in reversed(records[at][1]):
            name = names.get(address, hex(address))
            node = self._child(node, self._intern(("kernel", name), lambda n=name, a=address: Frame("kernel", n, module="kernel", address=a)))
        return node

    def _symbolize(self, written):
        """A record that nobody finished (a crash) has no names: look them up on this machine."""
        for key, (names, lines) in native_names({(part, word) for (part, _), (_, word) in written.items()}, self.modules).items():
            self.symbols[key], self.lines[key] = names, lines

    # ------------------------------------------------------------------------------------- samples

    def _samples(self, nodes):
        raw, p = self.raw, self.profile
        time, cpu = array("Q", raw["time"]), array("Q", raw["cpu"])
        node, tid, part = (array("I", raw[n]) for n in ("node", "thread", "part"))
        flags, state = array("H", raw["flags"]), raw["state"]
        context = array("Q", raw["context"])
        for records in self.kernel.values():
            records.sort()
        order = sorted(range(len(time)), key=time.__getitem__)
        thread_index, last, last_clock = {}, {}, {}
        missing = 0
        for k in order:
            key = part[k], tid[k]
            index = thread_index.get(key)
            if index is None:
                index = thread_index[key] = len(p.threads)
                p.threads.append(self._thread(*key))
                rate = p.threads[index].process.rate or 1000
                # The CPU time before a thread's first sample is not known to be all in its stack.
                first = min(cpu[k], 1_000_000_000 // rate)
                last_clock[key] = cpu[k] - first
                last[key] = time[k] - first, cpu[k] - first
                begun = p.threads[index].start_ns
                if begun and 0 < time[k] - begun < _MOST_NS:
                    last[key] = begun, 0
            if flags[k] & (format.SWITCH | format.FINAL):
                on = 0
            else:
                on = max(0, cpu[k] - last_clock[key])
                last_clock[key] = cpu[k]
            since, used = last[key]
            before = since
            off = time[k] - since - (cpu[k] - used)
            last[key] = time[k], cpu[k]
            if on > _MOST_NS or off > _MOST_NS:
                on = off = 0  # damaged numbers
            place = nodes.get((part[k], node[k]))
            if place is None:
                place = 0
                missing += bool(node[k])
            if self.kernel:
                place = self._with_kernel(place, key, before, time[k])
            p.time.append(time[k])
            p.cpu.append(on)
            p.wait.append(off if off > 0 else 0)
            p.node.append(place)
            p.thread.append(index)
            p.state.append(state[k] if state[k] < len(format.STATES) else 0)
            p.flags.append(flags[k])
            p.task.append(self._task(part[k], context[k], place) if context[k] else 0)
        if missing:
            p.problems.append(f"{missing} samples lost their stack when the program was cut off")

    def _task(self, part, context, node):
        """A number for the outermost coroutine of a stack: its address, and its name, since addresses are used again."""
        name = self.coroutine_names.get(node)
        if name is None:
            name = "coroutine"
            for frame in self.profile.stack(node):
                if frame.code is not None and _is_coroutine(frame.code.code):
                    name = frame.name
                    break
            self.coroutine_names[node] = name
        key = part, context, name
        number = self.tasks.get(key)
        if number is None:
            number = self.tasks[key] = len(self.tasks) + 1
            self.task_counts[name] += 1
            self.profile.task_names[number] = f"{name} #{self.task_counts[name]}"
        return number

    def _allocations(self, nodes):
        raw = self.raw
        time, address, size, weight = (array("Q", raw[n]) for n in ("block_time", "block_address", "block_size", "block_weight"))
        node, tid, part = (array("I", raw[n]) for n in ("block_node", "block_thread", "block_part"))
        frees = collections.defaultdict(list)
        for t, a, q in zip(array("Q", raw["free_time"]), array("Q", raw["free_address"]), array("I", raw["free_part"])):
            frees[q, a].append(t)
        for times in frees.values():
            times.sort()
        for k in range(len(time)):
            times = frees.get((part[k], address[k]), ())
            at = bisect.bisect_right(times, time[k])
            freed = times[at] if at < len(times) else None
            self.profile.allocations.append(
                Allocation(time[k], self._thread(part[k], tid[k]), nodes.get((part[k], node[k]), 0), size[k], weight[k], freed)
            )
        self.profile.allocations.sort(key=lambda a: a.time_ns)
        threads = dict.fromkeys([*self.profile.threads, *(a.thread for a in self.profile.allocations)])
        self.profile.threads = list(threads)


#: Under which names of kernel functions stand among the symbols.
KERNEL_KEY = "[kernel]", ""


def kernel_names(addresses):
    """{address: name} from /proc/kallsyms; empty where it hides the addresses (kernel.kptr_restrict)."""
    symbols = []
    try:
        with open("/proc/kallsyms") as file:
            for line in file:
                parts = line.split()
                if parts[1] in "tTwW":
                    symbols.append((int(parts[0], 16), parts[2]))
    except OSError:
        return {}
    symbols.sort()
    starts = [s for s, _ in symbols]
    if not starts or not starts[-1]:
        return {}
    return {a: symbols[at][1] for a in addresses if (at := bisect.bisect_right(starts, a) - 1) >= 0}


def _is_coroutine(code):
    """Whether bytecode begins as a generator's or coroutine's does: after its cells, it makes the object."""
    import dis

    before = {dis.opmap.get(name) for name in ("COPY_FREE_VARS", "MAKE_CELL", "EXTENDED_ARG")}
    at = 0
    while at < len(code) and code[at] in before:
        at += 2
    return at < len(code) and code[at] == dis.opmap.get("RETURN_GENERATOR")


class Allocation(collections.namedtuple("Allocation", "time_ns thread node size weight freed_ns")):
    """One sampled allocation: `size` bytes asked for, standing for `weight` bytes; freed_ns None: still alive at the end."""

    __slots__ = ()

    @property
    def alive(self):
        return self.freed_ns is None

    @property
    def blocks(self):
        """How many allocations of this size it stands for."""
        return self.weight / max(self.size, 1)


def _pieces(payload, offset, sizes):
    out = []
    for size in sizes:
        out.append(payload[offset : offset + size])
        offset += size
    return out


def module_word(part, word, modules):
    """A frame that was met before its library was known (while it was being loaded), as a frame of that library."""
    if word >> 60 != format.KIND_ADDRESS:
        return word
    address = word & (1 << 60) - 1
    for (owner, number), module in modules.items():
        if owner == part and module.load_address <= address < module.load_address + module.size:
            return format.KIND_NATIVE << 60 | number << 44 | address - module.load_address
    return word


def native_names(words, modules):
    """Look up native frames.

    words: set of (part, frame word); modules: {(part, id): Module}. Returns {(path, build_id):
    ({address: name}, {address: (file, line)})}.
    """
    from overdrive import _profile

    wanted = collections.defaultdict(set)
    for part, word in words:
        word = module_word(part, word, modules)
        if word >> 60 == format.KIND_NATIVE:
            module = modules.get((part, word >> 44 & 0xFFFF))
            # A damaged record may name anything.
            if module and module.path.startswith("/") and "\0" not in module.path + module.build_id:
                wanted[module.path, module.build_id].add(word & (1 << 44) - 1)
    out = {}
    for (path, build_id), addresses in wanted.items():
        addresses = sorted(addresses)
        names = {a: s[0] for a, s in zip(addresses, _profile.symbols(path, build_id, addresses)) if s}
        lines = {a: s for a, s in zip(addresses, _profile.source_lines(path, addresses)) if s} if names else {}
        out[path, build_id] = names, lines
    return out

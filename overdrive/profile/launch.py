"""`overdrive profile`: runs a program that records itself, waits for it, and joins what all of its processes wrote."""

import collections
import contextlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import overdrive.profile
from overdrive import _launch
from overdrive._words import counted
from overdrive.profile import ProfileError, RecordError, format, merge, text

#: Exit codes of our own; a program that ran gives its own code.
CANNOT_RECORD = 3
CANNOT_WRITE = 4


def launch(command, output, options, *, compiled=False, quiet=False):
    """Run `command` (a Python command line without the interpreter) under the profiler and write the record `output`.

    options: what overdrive.profile._start.begin takes. Returns the program's exit code (128 + n for a signal n), or
    CANNOT_WRITE when the record could not be written. Raises RecordError when recording could not start.
    """
    output = os.path.abspath(output)
    folder = _make_folder(output)
    environment = dict(os.environ, OVERDRIVE_PROFILE_INTO=folder, OVERDRIVE_PROFILE_OPTIONS=json.dumps(options))
    if compiled:
        environment["OVERDRIVE"] = "1"
    if not _starts_by_itself():
        # Not installed (a source tree): a sitecustomize of ours goes before the program's, and calls it.
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        environment["PYTHONPATH"] = os.pathsep.join([here, root, *filter(None, [os.environ.get("PYTHONPATH")])])
    of_memory = options.get("mode") == "memory"
    family = _Family()
    with _ignoring_interrupts():
        process = subprocess.Popen([sys.executable, *command], env=environment)
        with _forwarding(process):
            code = _wait(process, folder, quiet, family, of_memory)
    problems = _failures(folder)
    return _finish(folder, output, code, problems, quiet, family, of_memory)


def keeping_recorder_off(command):
    """The options of CPython's command line that keep the recorder from starting, for a sentence; "" if there are none."""
    options = "S" if _starts_by_itself() else "EIS"  # a source tree goes by PYTHONPATH
    return _launch.joined_options(command, options)


class _Family:
    """The processes that were started, as the kernel tells: so that those without a record can be named."""

    def __init__(self):
        try:
            from overdrive import _profile
        except ImportError:
            self.native = None  # the program's own attempt says why
            return
        self.native = _profile if _profile.watch_start() else None
        self.names, self.started = {}, set()

    def read(self):
        if self.native is None:
            return
        for pid, parent, name in self.native.watch_read():
            if parent:
                self.started.add(pid)
                self.names.setdefault(pid, self.names.get(parent, "python"))
            else:
                self.names[pid] = name

    def unseen(self, recorded):
        """Names of started processes that left no record, with how many of each; None if the kernel tells nothing."""
        if self.native is None:
            return None
        self.read()
        self.native.watch_stop()
        return collections.Counter(self.names[pid] for pid in self.started if pid not in recorded)


def _make_folder(output):
    parent = os.path.dirname(output)
    if not os.path.isdir(parent):
        raise RecordError(f"the folder {parent} does not exist; give another file with -o")
    if os.path.isdir(output):
        raise RecordError(f"{output} is a folder; give a file with -o")
    try:
        return tempfile.mkdtemp(prefix=os.path.basename(output) + ".parts-", dir=parent)
    except OSError as error:
        raise RecordError(f"cannot write into {parent} ({error.strerror}); give another file with -o") from None


def _starts_by_itself():
    """Whether this interpreter runs overdrive_profile.pth at start."""
    return any(os.path.exists(os.path.join(path, "overdrive_profile.pth")) for path in sys.path if path)


@contextlib.contextmanager
def _ignoring_interrupts():
    """Ctrl-C is for the program: it stops, and what was recorded until then is kept."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which the program would inherit
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _forwarding(process):
    def forward(number, _frame):
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)

    before = {n: signal.signal(n, forward) for n in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(process, folder, quiet, family, of_memory):
    show = not quiet and sys.stderr.isatty()
    started = time.monotonic()
    while True:
        try:
            code = process.wait(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            family.read()
            if not show:
                continue
            parts, samples, lost = _progress(folder)
            so_far = "allocations" if of_memory else f"{counted(samples, 'sample')}, {lost:,} lost"
            sys.stderr.write(f"\r\x1b[Krecording: {time.monotonic() - started:.0f} s, {counted(parts, 'process')}, {so_far}")
            sys.stderr.flush()
    if show:
        sys.stderr.write("\r\x1b[K")
    return 128 - code if code < 0 else code


def _progress(folder):
    parts = merge.parts_in(folder)
    samples = lost = 0
    for part in parts:
        counters = _counters(part)
        samples += counters.get("samples", 0)
        lost += counters.get("lost", 0)
    return len(parts), samples, lost


def _counters(part):
    try:
        with open(part, "rb") as file:
            head = file.read(format.HEADER.size)
    except OSError:
        return {}
    if len(head) < format.HEADER.size:
        return {}
    fields = format.HEADER.unpack(head)
    return format.counters(struct.pack(f"<{len(format.COUNTER_NAMES)}Q", *fields[7:]))


def _failures(folder):
    """Sentences from processes whose recording could not start."""
    out = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".failed"):
            with open(os.path.join(folder, name), errors="replace") as file:
                out.append(f"process {name.removesuffix('.failed')} was not recorded: {file.read().strip()}")
    return out


def _settle(folder):
    """Child processes may outlive the program by a moment; give those that are about to end the time to do so."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        alive = [p for p in merge.parts_in(folder) if not _counters(p).get("stopped") and os.path.exists(f"/proc/{os.path.basename(p).split('-')[0]}")]
        if not alive:
            return
        time.sleep(0.02)


def _finish(folder, output, code, problems, quiet, family, of_memory):
    _settle(folder)
    parts = merge.parts_in(folder)
    unseen = family.unseen({int(os.path.basename(part).split("-")[0]) for part in parts})
    if not parts:
        shutil.rmtree(folder, ignore_errors=True)
        for problem in problems:
            sys.stderr.write(f"overdrive: {problem}\n")
        if problems:
            return CANNOT_RECORD
        raise RecordError("the program ended before recording began: nothing was recorded (was Python started with -S or -I, or is it another Python?)")
    try:
        merge.merge(parts, output, unseen)
    except (OSError, ProfileError) as error:
        reason = getattr(error, "strerror", None) or error
        sys.stderr.write(
            f"overdrive: cannot write {output} ({reason}); what was recorded is kept in {folder}, "
            f"which `overdrive view` and `overdrive export` read as it is\n"
        )
        return CANNOT_WRITE
    shutil.rmtree(folder, ignore_errors=True)
    if not quiet:
        for problem in problems:
            sys.stderr.write(f"overdrive: {problem}\n")
        _report(output, of_memory)
    return code


def _report(output, of_memory):
    counters = _counters(output)
    degraded = counters["unmerged"] + counters["native_cut"] + counters["truncated"]
    # The header counts samples; allocations are counted by reading them.
    taken = text.taken(overdrive.profile.read(output)) if of_memory else counted(counters["samples"], "sample")
    sys.stderr.write(f"overdrive: {taken}, {counters['lost']:,} lost, {degraded:,} degraded -> {output} (overdrive view {os.path.basename(output)})\n")

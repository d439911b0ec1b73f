"""`overdrive profile --pid`: records a running Python from outside, without stopping it or writing to it."""

import json
import os
import re
import struct
import sys
import time

from overdrive._words import counted
from overdrive.profile import RecordError, layouts, merge

_LIBRARY = re.compile(r"libpython(\d)\.(\d+)[a-z]*\.so|/python(\d)\.(\d+)[a-z]*$|/python\d?$")


class Target:
    """A running Python that can be read: pid, version (major, minor), runtime (address of _PyRuntime), layout.

    Raises RecordError with one sentence for anything that is in the way.
    """

    def __init__(self, pid):
        self.pid = pid
        if pid == os.getpid():
            raise RecordError("a process cannot attach to itself; use overdrive.profile.record")
        self.executable, self.maps = self._mappings()
        self.path, base = self._library()
        self._patch = None
        self.version = self._version()
        if not layouts.supported(self.version):
            raise RecordError(f"process {pid} runs Python {self.version[0]}.{self.version[1]}, which cannot be read (3.8 and later can)")
        self.runtime = base + self._symbols["_PyRuntime"][0]
        head = self._memory(self.runtime, 1024)
        self.full_version = self._full_version(head)
        self.layout = layouts.layout(self.version, head)
        if self.layout is None:
            raise RecordError(f"process {pid} runs a Python {self.version[0]}.{self.version[1]} that does not describe its layout")
        if head[:8] == layouts.COOKIE and struct.unpack_from("<Q", head, 16)[0]:
            raise RecordError(f"process {pid} runs a free-threaded Python, which cannot be read yet")

    def _refused(self):
        owner = ""
        try:
            if os.stat(f"/proc/{self.pid}").st_uid != os.geteuid():
                owner = "it belongs to another user; "
        except OSError:
            pass
        return RecordError(
            f"no permission to read process {self.pid}: {owner}run as its user with kernel.yama.ptrace_scope=0, or as root (CAP_SYS_PTRACE)"
        )

    def _mappings(self):
        try:
            with open(f"/proc/{self.pid}/maps", errors="surrogateescape") as file:
                rows = [line.split(None, 5) for line in file]
            executable = os.readlink(f"/proc/{self.pid}/exe")
        except (FileNotFoundError, ProcessLookupError):
            raise RecordError(f"there is no process {self.pid}") from None
        except PermissionError:
            raise self._refused() from None
        files = {}
        for row in rows:
            if len(row) == 6:
                path = row[5].rstrip("\n")
                low = int(row[0].split("-")[0], 16)
                files.setdefault(path, low - int(row[2], 16))
        if not rows:
            raise RecordError(f"there is no process {self.pid}" if not os.path.exists(f"/proc/{self.pid}") else f"process {self.pid} has no memory: it is a zombie or of the kernel")
        return executable, files

    def _library(self):
        """The file that holds _PyRuntime, and where it is loaded."""
        from overdrive import _profile

        candidates = [p for p in self.maps if "libpython" in os.path.basename(p)] + [self.executable]
        for path in candidates:
            if path not in self.maps:
                continue
            # The target may see other files than we do (a container).
            seen = f"/proc/{self.pid}/root{path}"
            found = _profile.find_symbols(seen if os.path.exists(seen) else path, ["_PyRuntime", "Py_Version", "Py_GetVersion"])
            if "_PyRuntime" in found:
                self._symbols = found
                self._is_fixed = False
                return path, self._load_address(seen if os.path.exists(seen) else path, self.maps[path])
        raise RecordError(f"process {self.pid} ({os.path.basename(self.executable)}) is no Python that can be read")

    @staticmethod
    def _load_address(path, mapped):
        """What to add to the file's addresses: nothing for a program that is not relocatable."""
        with open(path, "rb") as file:
            head = file.read(18)
        return 0 if struct.unpack_from("<H", head, 16)[0] == 2 else mapped

    def _memory(self, address, size):
        try:
            with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as file:
                file.seek(address)
                return file.read(size)
        except PermissionError:
            raise self._refused() from None
        except (OSError, ProcessLookupError):
            raise RecordError(f"process {self.pid} cannot be read (it may have ended)") from None

    def _version(self):
        if "Py_Version" in self._symbols and self._symbols["Py_Version"][2] >= 0:
            seen = f"/proc/{self.pid}/root{self.path}"
            with open(seen if os.path.exists(seen) else self.path, "rb") as file:
                file.seek(self._symbols["Py_Version"][2])
                number = struct.unpack("<Q", file.read(8))[0]
            self._patch = number >> 8 & 255
            return number >> 24 & 255, number >> 16 & 255
        found = _LIBRARY.search(self.path)
        numbers = [g for g in found.groups() if g] if found else []
        if len(numbers) == 2:
            return int(numbers[0]), int(numbers[1])
        for path in self.maps:  # the standard library's compiled modules carry the version
            inside = re.search(r"/python(\d)\.(\d+)/lib-dynload/", path)
            if inside:
                return int(inside[1]), int(inside[2])
        raise RecordError(f"the version of process {self.pid}'s Python cannot be told")

    def _full_version(self, head):
        if head[:8] == layouts.COOKIE:
            number = struct.unpack_from("<Q", head, 8)[0]
            return f"{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}"
        return ".".join(str(n) for n in (*self.version, self._patch) if n is not None)

    def info(self, options):
        """The first record of the file."""
        def read(name):
            try:
                with open(f"/proc/{self.pid}/{name}", "rb") as file:
                    return file.read()
            except OSError:
                return b""

        status = dict(line.split(b":", 1) for line in read("status").splitlines() if b":" in line)
        return {
            "kind": "process",
            "pid": self.pid,
            "ppid": int(status.get(b"PPid", b"0")),
            "argv": [a.decode(errors="replace") for a in read("cmdline").split(b"\0")[:-1]],
            "executable": self.executable,
            "python": self.full_version,
            "cwd": "",
            "options": options,
        }


def start(pid, path, rate, options=None):
    """Begin recording process `pid` into the part file `path`; `_profile.attach_stop()` ends it. Returns the clock's name."""
    from overdrive import _profile

    target = Target(pid)
    try:
        return _profile.attach_start(path, json.dumps(target.info(options or {"rate": rate, "mode": "wall"})), pid, rate, target.layout, target.runtime)
    except OSError as error:
        raise RecordError(f"process {pid} cannot be recorded: {error}") from None


def record(pid, output, *, rate, duration, quiet=False):
    """Record process `pid` for `duration` seconds (None: until Ctrl-C or its end) and write `output`. Returns the exit code."""
    from overdrive import _profile

    output = os.path.abspath(output)
    part = f"{output}.part"
    clock = start(pid, part, rate)
    if clock != "attach" and not quiet:
        sys.stderr.write("overdrive: perf events are refused, so stacks are read from a running program and some will be discarded (see docs/profile.md)\n")
    deadline = time.monotonic() + duration if duration else None
    try:
        while _profile.attach_alive() and (deadline is None or time.monotonic() < deadline):
            time.sleep(0.05 if deadline is None else max(0.0, min(0.05, deadline - time.monotonic())))
    except KeyboardInterrupt:
        pass
    counters = _profile.attach_stop()
    merge.merge([part], output)
    if not quiet:
        sys.stderr.write(
            f"overdrive: {counted(counters['samples'], 'sample')}, {counters['lost']:,} discarded ({counters['moved']} moved, {counters['broken']} unreadable) -> {output}\n"
        )
    return 0

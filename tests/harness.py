"""Runs one Python program with and without Overdrive and compares what can be seen from outside.

Everything that compares two runs (the differential tests, the fuzzer, CPython's own tests, the applications) goes
through this file, so that "the same" means one thing: standard output, standard error and the exit status are equal
byte for byte. Nothing is normalised; a program that prints an address is a broken test, and the mode `stock`
(the plain interpreter twice) finds it.

    python tests/harness.py PROGRAM.py [--mode compile-all] [--mode warm:2,deopt:7] [--python EXE]

prints a unified diff for each mode that differs, and exits with 1 if there was one.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

TESTS = pathlib.Path(__file__).resolve().parent
PROGRAMS = TESTS / "programs"
SUPPORT = PROGRAMS / "support"

# Each row: the mode's name, which is the value of OVERDRIVE_MODE too, and what it is there to find.
# `stock` and `normal` are the two that set no OVERDRIVE_MODE.
MODES = {
    "stock": "the plain interpreter a second time: is the program deterministic at all?",
    "compile-all": "every function compiled at its first call, generic code: is each instruction lowered rightly?",
    "warm:2": "compiled at the second call: speculation from caches that have seen almost nothing",
    "warm:8": "compiled at the eighth call, when the interpreter has specialised: the real speculation",
    "normal": "as users run it: sampled heat, loops entered while they run, worker thread",
    "warm:3,deopt:7": "speculative code of which every seventh guard fails: are the exits right?",
    "compile-all,deopt:3": "generic code of which every third guard fails",
    "osr:2": "a loop entered at every second back-edge: is the state taken over rightly?",
}
OVERDRIVE_MODES = [name for name in MODES if name != "stock"]
DEFAULT_TIMEOUT = 60.0


@dataclass
class Outcome:
    """What one process showed to the world, and the report Overdrive left (None without it)."""

    stdout: bytes
    stderr: bytes
    status: int | str
    report: dict | None = None
    command: str = ""

    def visible(self) -> tuple:
        return (self.stdout, self.stderr, self.status)


def environment(mode: str, report: str | None = None, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: the caller's, less whatever could make two runs differ."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "OVERDRIVE", "PYTEST", "COV_"))}
    env.update(
        PYTHONHASHSEED="0",
        PYTHONPATH=str(SUPPORT),
        PYTHON_COLORS="0",
        NO_COLOR="1",
        COLUMNS="100",
        LC_ALL="C.UTF-8",
        TZ="UTC",
    )
    env.update(extra or {})
    env.update(mode_variables(mode))
    if report and mode != "stock":
        env["OVERDRIVE_REPORT"] = report
    return env


def mode_variables(mode: str) -> dict[str, str]:
    if mode == "stock":
        return {}
    if mode == "normal":
        return {"OVERDRIVE": "1"}
    return {"OVERDRIVE": "1", "OVERDRIVE_MODE": mode}


def shown_command(argv: list[str], mode: str) -> str:
    variables = {"PYTHONHASHSEED": "0", "PYTHONPATH": os.path.relpath(SUPPORT), **mode_variables(mode)}
    shown = [os.path.relpath(a) if os.path.isabs(a) and os.path.exists(a) and a != sys.executable else a for a in argv]
    return " ".join([f"{k}={shlex.quote(v)}" for k, v in variables.items()] + [shlex.join(shown)])


def run(
    argv: list[str],
    mode: str,
    timeout: float = DEFAULT_TIMEOUT,
    cwd: str | os.PathLike | None = None,
    extra_env: dict[str, str] | None = None,
    stdin: bytes = b"",
) -> Outcome:
    """Run `argv` in `mode`. A run that does not end in time has the status "timeout", which equals nothing."""
    with tempfile.TemporaryDirectory(prefix="overdrive-test-") as scratch:
        # {pid} is filled in by Overdrive, so that children do not overwrite the report of the process that we started.
        report_path = os.path.join(scratch, "report-{pid}.json")
        # A session of its own, so that a program that hangs is ended together with its children.
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment(mode, report_path, extra_env),
            start_new_session=True,
        )
        status: int | str
        try:
            out, err = process.communicate(stdin, timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = "timeout"
        report = None
        own_report = report_path.replace("{pid}", str(process.pid))
        if os.path.exists(own_report):
            with open(own_report, encoding="utf-8") as handle:
                report = json.load(handle)
    return Outcome(out, err, status, report, shown_command(argv, mode))


def program_command(path: str | os.PathLike, python: str = sys.executable) -> list[str]:
    # -s leaves out the user's packages. Not -I, -E or -S: each of them keeps Overdrive off by design.
    return [python, "-s", str(path)]


@dataclass
class Directives:
    """What a program says of itself in comments `# test: key=value` above its first statement."""

    timeout: float = DEFAULT_TIMEOUT
    compiled: bool = True
    known: str = ""   # why a difference is known and not mended yet
    modes: list[str] = field(default_factory=lambda: list(MODES))


def directives(path: str | os.PathLike) -> Directives:
    found = Directives()
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# test: "):
            continue
        key, _, value = line.removeprefix("# test: ").partition("=")
        if key == "timeout":
            found.timeout = float(value)
        elif key == "known":
            found.known = value
        elif key == "compiled" and value == "no":
            found.compiled = False
        else:
            raise ValueError(f"{path}: unknown directive {line!r}")
    return found


def difference(stock: Outcome, other: Outcome, mode: str) -> str:
    """A unified diff of the two runs, or an empty string when they are equal."""
    parts = []
    if stock.status == "timeout":
        parts.append("the plain interpreter did not end in time\n")
    if other.status != stock.status or other.status == "timeout":
        parts.append(f"exit status: stock {describe(stock.status)}, {mode} {describe(other.status)}\n")
    for name, left, right in (("stdout", stock.stdout, other.stdout), ("stderr", stock.stderr, other.stderr)):
        if left != right:
            parts += difflib.unified_diff(lines(left), lines(right), f"{name} stock", f"{name} {mode}", n=2)
    if not parts:
        return ""
    return "".join(parts) + f"reproduce: {other.command}\n"


def describe(status: int | str) -> str:
    if isinstance(status, int) and status < 0:
        return f"{status} ({signal.Signals(-status).name})"
    return str(status)


def lines(data: bytes) -> list[str]:
    """Lines for a diff. Split at newlines alone, and with a mark where the last one is missing."""
    *complete, rest = data.decode("utf-8", "backslashreplace").split("\n")
    return [line + "\n" for line in complete] + ([rest + " (no newline at the end)\n"] if rest else [])


def compare_program(path: str | os.PathLike, modes: list[str], python: str = sys.executable) -> dict[str, str]:
    """The modes in which a program behaves differently, each with its diff."""
    argv, limit = program_command(path, python), directives(path).timeout
    stock = run(argv, "stock", limit)
    differences = {mode: difference(stock, run(argv, mode, limit), mode) for mode in modes}
    return {mode: text for mode, text in differences.items() if text}


def main() -> int:
    parser = argparse.ArgumentParser(description="Run one program with and without Overdrive and compare.")
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--mode", action="append", help="a mode; may be given again (default: all)")
    parser.add_argument("--python", default=sys.executable)
    arguments = parser.parse_args()
    failed = 0
    for program in arguments.programs:
        for mode, text in compare_program(program, arguments.mode or list(MODES), arguments.python).items():
            failed += 1
            print(f"=== {program} in mode {mode} ({MODES.get(mode, 'your own')})\n{text}")
    print(f"{len(arguments.programs)} programs, {failed} differences")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

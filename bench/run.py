#!/usr/bin/env python3
"""Measure programs with and without Overdrive on the same interpreter.

    bench/run.py [NAMES...] [--quick] [--rounds N] [--seconds S] [--base PYTHON]
                 [--python PYTHON]... [--pyperformance] [--label TEXT]

Each round starts one child process per program and interpreter, in turns (so that a drifting
machine hits all alike), and takes its best steady iteration in CPU time of all threads. The
ratio of a round's pair is base / Overdrive; the table shows the geometric mean of the rounds
and its 95 % interval. Results go to bench/results/ as text, JSON and an SVG chart.

    --base PYTHON     the CPython 3.13 to measure on (default: this one); it needs nothing installed
    --python PYTHON   another interpreter to join, repeated; "NAME=VALUE ... PATH" sets its environment
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
import report  # noqa: E402  (beside this file)

GROUPS = ("numeric", "objects", "text", "functional", "applications", "pyperformance")

# Two-sided 95 % points of Student's t by degrees of freedom.
STUDENT = [0, 12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]


class Program:
    """One file to measure: its group, its path, and options of its own."""

    def __init__(self, group, name, path, options=()):
        self.group, self.name, self.path, self.options = group, name, path, list(options)


def own_programs():
    """Every program under bench/programs."""
    for group in GROUPS:
        for path in sorted((HERE / "programs" / group).glob("*.py")):
            yield Program(group, path.stem, path)


def pyperformance_programs():
    """The scripts that the pyperformance package ships, with the options of their variants."""
    spec = subprocess.run(
        [sys.executable, "-c", "import pyperformance; print(pyperformance.__path__[0])"],
        capture_output=True, text=True,
    )  # fmt: skip
    if spec.returncode:
        sys.exit("bench: pyperformance is not installed: .venv/bin/pip install -r bench/requirements.txt")
    folder = pathlib.Path(spec.stdout.strip()) / "data-files" / "benchmarks"
    for manifest in sorted(folder.glob("bm_*/*.toml")):
        if manifest.name != "pyproject.toml" and not manifest.name.startswith("bm_"):
            continue
        data = tomllib.loads(manifest.read_text())
        tool = data.get("tool", {}).get("pyperformance", {})
        script = manifest.parent / tool.get("runscript", "run_benchmark.py")
        name = tool.get("name", manifest.parent.name.removeprefix("bm_"))
        if script.exists():
            yield Program("pyperformance", name, script, tool.get("extra_opts", ()))


class Interpreter:
    """A Python to measure with: how to start it, and under which name it is shown."""

    def __init__(self, name, command, environment):
        self.name, self.command = name, command
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("OVERDRIVE", "PYTHON"))
        }
        # Sets of strings in the same order everywhere: less noise, comparable output.
        self.environment["PYTHONHASHSEED"] = "0"
        self.environment.update(environment)

    def measure(self, program, seconds, least, loops):
        """Run one child; return its figures, or a sentence that says why there are none."""
        options = {"seconds": seconds, "least": least, "loops": loops}
        command = [*self.command, str(HERE / "child.py"), str(program.path)]
        for key, value in options.items():
            command += [f"--{key}", json.dumps(value)]
        if program.options:
            command += ["--argv", json.dumps(program.options)]
        try:
            done = subprocess.run(
                command, env=self.environment, capture_output=True, text=True, timeout=60 + 40 * seconds,
                cwd=program.path.parent, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "it took too long"
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            return lines[-1] if lines else f"exit code {done.returncode}"
        for line in reversed(done.stdout.splitlines()):
            if line.startswith('{"entries"'):
                return json.loads(line)
        return "it printed no figures"

    def start_up(self):
        """CPU and wall time of an empty program, in milliseconds."""
        before = os.times()
        start = time.perf_counter()
        subprocess.run([*self.command, "-c", "pass"], env=self.environment, check=True, stderr=subprocess.DEVNULL)
        wall = time.perf_counter() - start
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return cpu * 1e3, wall * 1e3


def bench_environment(base):
    """A small virtual environment of `base` that sees this tree's Overdrive; its python."""
    probe = "import sys; print(sys.version_info[:2] == (3, 13) and sys.implementation.name == 'cpython')"
    try:
        served = subprocess.run([base, "-I", "-c", probe], capture_output=True, text=True).stdout.strip()
    except OSError as error:
        sys.exit(f"bench: cannot start {base}: {error.strerror}")
    if served != "True":
        sys.exit(f"bench: {base} is not a CPython 3.13; Overdrive cannot be measured on it")
    folder = ROOT / "build" / "bench" / str(base).strip("/").replace("/", "-")
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    site = next((folder / "lib").glob("python3.13")) / "site-packages"
    hook = (ROOT / "packaging" / "overdrive.pth").read_text()
    (site / "overdrive-dev.pth").write_text(f"{ROOT}\n{hook}")
    own = next((ROOT / ".venv" / "lib").glob("python3.13"), None)
    if own:  # the libraries that the programs use; read last, so nothing is shadowed
        (site / "zz-libraries.pth").write_text(f"{own / 'site-packages'}\n")
    return str(python)


def interpreters(options):
    """The base, Overdrive on it, and the others that join."""
    base = shutil.which(options.base) or options.base if options.base else sys.executable
    # This tree's own environment has Overdrive already; any other interpreter gets one that does.
    own = pathlib.Path(sys.prefix) == ROOT / ".venv" and not options.base
    python = base if own else bench_environment(base)
    result = [Interpreter("base", [python], {}), Interpreter("overdrive", [python], {"OVERDRIVE": "1"})]
    for text in options.python:
        words = shlex.split(text)
        settings = dict(word.split("=", 1) for word in words[:-1])
        path = shutil.which(words[-1])
        if path is None:
            sys.exit(f"bench: --python {words[-1]}: there is no such interpreter")
        version = subprocess.run(
            [path, "-c", "import sys; print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])))"],
            capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        label = " ".join([version.replace("cpython ", "CPython "), *words[:-1]])
        result.append(Interpreter(label, [path], settings))
    return result


def interval(ratios):
    """Geometric mean of paired ratios and its 95 % interval."""
    logs = [math.log(ratio) for ratio in ratios]
    mean = statistics.fmean(logs)
    if len(logs) < 2:
        return math.exp(mean), None, None
    t = STUDENT[min(len(logs) - 1, len(STUDENT) - 1)]
    half = t * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def time_to_peak(durations):
    """Seconds used before the first iteration that reaches 90 % of the best speed."""
    best = min(durations)
    used = 0.0
    for duration in durations:
        if duration <= best / 0.9:
            return used
        used += duration
    return used


def measure_program(program, pythons, options):
    """All rounds of one file; a list of rows, one a benchmark in it."""
    runs = {python.name: [] for python in pythons}
    failed = {}
    loops = {}
    for round_number in range(options.rounds):
        order = pythons if round_number % 2 == 0 else pythons[::-1]
        for python in order:
            if python.name in failed:
                continue
            figures = python.measure(program, options.seconds, options.least, loops)
            if isinstance(figures, str):
                failed[python.name] = figures
                continue
            if python.name == "base" and not loops:
                loops = {name: entry["loops"] for name, entry in figures["entries"].items()}
            if python.name == "overdrive" and not figures["overdrive"]:
                failed[python.name] = "Overdrive was not on (is this interpreter served?)"
                continue
            runs[python.name].append(figures)
    if not runs["base"]:
        reason = failed.get("base", "no run")
        return [{"group": program.group, "name": program.name, "failed": {"base": reason}}]
    rows = []
    for name, first in runs["base"][0]["entries"].items():
        base_runs = [figures["entries"][name]["durations"] for figures in runs["base"]]
        row = {
            "group": program.group,
            "name": name if program.group == "pyperformance" else program.name,
            "base_ms": min(map(min, base_runs)) * 1e3,
            "base_peak_kb": statistics.median(figures["peak_kb"] for figures in runs["base"]),
            "failed": failed,
            "others": {},
        }
        for python in pythons[1:]:
            figures = [f for f in runs[python.name] if name in f["entries"]]
            if not figures:
                continue
            mine = [f["entries"][name]["durations"] for f in figures]
            ratio, low, high = interval([min(b) / min(m) for b, m in zip(base_runs, mine)])
            row["others"][python.name] = {
                "ratio": ratio,
                "low": low,
                "high": high,
                "best_ms": min(map(min, mine)) * 1e3,
                "to_peak_s": statistics.median(time_to_peak(m) * first["loops"] for m in mine),
                "peak_kb": statistics.median(f["peak_kb"] for f in figures),
                "same_result": all(f["entries"][name]["check"] == first["check"] for f in figures),
            }
        rows.append(row)
    return rows


def machine():
    """What the figures were taken on."""
    processor = platform.processor() or platform.machine()
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def build_of(python):
    """One line about how an interpreter was built."""
    code = (
        "import sys, sysconfig; a = sysconfig.get_config_var('CONFIG_ARGS') or ''; "
        "print(sys.implementation.name, sys.version.split('\\n')[0], "
        "', '.join(name + ('' if flag in a else ' not named by its configure line')"
        " for name, flag in (('PGO', 'enable-optimizations'), ('LTO', 'with-lto'))))"
    )
    done = subprocess.run([*python.command, "-c", code], env=python.environment, capture_output=True, text=True)
    return done.stdout.strip()


def progress(text):
    """Show what is being measured on the terminal's last line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="bench/run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="programs or groups (default: all own programs)")
    parser.add_argument("--quick", action="store_true", help="short runs of the pure programs, under two minutes")
    parser.add_argument("--rounds", type=int, help="child processes per program and interpreter (5; quick: 2)")
    parser.add_argument("--seconds", type=float, help="CPU seconds per child (3; quick: 0.5)")
    parser.add_argument("--base", help="the CPython 3.13 to measure on")
    parser.add_argument("--python", action="append", default=[], help="another interpreter to join")
    parser.add_argument("--pyperformance", action="store_true", help="add the programs of pyperformance")
    parser.add_argument("--label", default="", help="a word for the results' file name")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.seconds = options.seconds or (0.5 if options.quick else 3.0)
    options.least = 2 if options.quick else 5
    return options


def choose(options):
    programs = list(own_programs())
    if options.pyperformance or any(name.startswith("pyperformance") for name in options.names):
        programs += pyperformance_programs()
    if options.quick and not options.names:
        programs = [program for program in programs if program.group != "applications"]
    if options.names:
        known = {program.name for program in programs} | {program.group for program in programs}
        for name in options.names:
            if name not in known:
                sys.exit(f"bench: there is no program or group {name!r}; there are: {' '.join(sorted(known))}")
        programs = [p for p in programs if p.name in options.names or p.group in options.names]
    return programs


def main(arguments):
    options = parse(arguments)
    programs = choose(options)
    pythons = interpreters(options)
    started = datetime.datetime.now()
    starts = {python.name: [] for python in pythons}
    for _ in range(10 if options.quick else 25):
        for python in pythons:
            starts[python.name].append(python.start_up())
    rows = []
    for number, program in enumerate(programs, 1):
        progress(f"[{number}/{len(programs)}] {program.group}/{program.name}")
        rows += measure_program(program, pythons, options)
    progress("")
    result = {
        "date": started.isoformat(timespec="seconds"),
        "machine": machine(),
        "interpreters": {python.name: build_of(python) for python in pythons},
        "rounds": options.rounds,
        "seconds": options.seconds,
        "start_up_ms": {
            name: {
                "cpu": min(cpu for cpu, _ in values),
                "wall": min(wall for _, wall in values),
                "median_wall": statistics.median(wall for _, wall in values),
            }
            for name, values in starts.items()
        },
        "rows": rows,
    }
    result["summary"] = report.summary(result)
    text = report.table(result)
    print(text)
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    stem = started.strftime("%Y%m%d-%H%M%S") + (f"-{options.label}" if options.label else "")
    (folder / f"{stem}.json").write_text(json.dumps(result, indent=1))
    (folder / f"{stem}.txt").write_text(text + "\n")
    (folder / f"{stem}.svg").write_text(report.chart(result))
    print(f"\nwritten: bench/results/{stem}.txt, .json, .svg")
    wrong = [row["name"] for row in rows for o in (row.get("others") or {}).values() if not o["same_result"]]
    if wrong:
        print(f"bench: different results: {' '.join(wrong)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

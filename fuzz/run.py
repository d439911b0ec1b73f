"""Runs random programs with and without Overdrive, and makes those that differ small.

    python fuzz/run.py --seeds 0:1000                      all modes, two at a time
    python fuzz/run.py --seeds 17 --modes warm:2           one program again
    python fuzz/run.py --seeds 0:100000 --minutes 30       as many as fit
    python fuzz/run.py --reduce some_program.py --modes compile-all

A failing seed is saved to --found as SEED-MODE.py (reduced) and SEED-MODE.full.py (as generated). The exit status is 1
if any program differed. Run it with the Python in which Overdrive is installed, or name that with --python.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "fuzz"))

import harness  # noqa: E402
from generate import generate  # noqa: E402
from reduce import reduce  # noqa: E402

TIMEOUT = 60.0


class Subject:
    """One program in one interpreter, compared in some modes."""

    def __init__(self, python: str, folder: pathlib.Path, timeout: float = TIMEOUT):
        self.python, self.folder, self.timeout = python, folder, timeout

    def command(self, source: str, name: str) -> list[str]:
        path = self.folder / f"{name}.py"
        path.write_text(source, encoding="utf-8")
        return [self.python, "-W", "ignore", "-s", str(path)]

    def differences(self, source: str, modes: list[str], name: str) -> dict[str, str]:
        argv = self.command(source, name)
        stock = harness.run(argv, "stock", self.timeout)
        if stock.status == "timeout":
            return {"stock": f"{name}: the plain interpreter did not end in {self.timeout} s\n"}
        if isinstance(stock.status, int) and stock.status < 0:
            return {"stock": f"{name}: the plain interpreter was ended by signal {-stock.status}\n"}
        found = {}
        for mode in modes:
            text = harness.difference(stock, harness.run(argv, mode, self.timeout), mode)
            if text:
                found[mode] = text
        return found

    def still_fails(self, mode: str, name: str):
        """What the reducer asks. A program that prints addresses or does not end any more is no example of anything."""

        def fails(source: str) -> bool:
            argv = self.command(source, name)
            stock = harness.run(argv, "stock", self.timeout)
            if stock.status == "timeout" or b" at 0x" in stock.stdout + stock.stderr:
                return False
            return bool(harness.difference(stock, harness.run(argv, mode, self.timeout), mode))

        return fails


def seeds(text: str) -> range:
    first, colon, last = text.partition(":")
    return range(int(first), int(last)) if colon else range(int(first), int(first) + 1)


def save(subject: Subject, source: str, mode: str, name: str, found: pathlib.Path, attempts: int) -> pathlib.Path:
    found.mkdir(parents=True, exist_ok=True)
    stem = f"{name}-{mode.replace(':', '').replace(',', '-')}"
    (found / f"{stem}.full.py").write_text(source, encoding="utf-8")
    small = found / f"{stem}.py"
    if attempts:
        short = Subject(subject.python, subject.folder, min(subject.timeout, 15))
        try:
            source = reduce(source, short.still_fails(mode, stem), attempts)
        except ValueError:
            source = "# Did not fail a second time: depends on timing.\n" + source
    small.write_text(source, encoding="utf-8")
    return small


def report(subject: Subject, source: str, found: dict[str, str], name: str, options: argparse.Namespace) -> None:
    for mode, text in found.items():
        print(f"=== {name} in mode {mode}\n{text}", end="")
        if mode != "stock":
            path = save(subject, source, mode, name, options.found, 0 if options.no_reduce else options.attempts)
            print(f"saved: {path} ({len(path.read_text().splitlines())} lines)")
            print(f"again: python tests/harness.py {path} --mode {mode}")
        sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=seeds, default=seeds("0:100"), metavar="FIRST:LAST")
    parser.add_argument("--modes", nargs="+", default=harness.OVERDRIVE_MODES, metavar="MODE")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, help="begin no further program after this time")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--found", type=pathlib.Path, default=ROOT / "fuzz" / "found")
    parser.add_argument("--no-reduce", action="store_true")
    parser.add_argument("--attempts", type=int, default=1500, help="programs tried to reduce one")
    parser.add_argument("--reduce", type=pathlib.Path, metavar="FILE", help="reduce this program instead of generating")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    tried = failed = 0
    with tempfile.TemporaryDirectory(prefix="overdrive-fuzz-") as folder:
        subject = Subject(options.python, pathlib.Path(folder))
        if options.reduce:
            source = options.reduce.read_text(encoding="utf-8")
            found = subject.differences(source, options.modes, options.reduce.stem)
            report(subject, source, found, options.reduce.stem, options)
            return 1 if found else 0

        def one(seed: int) -> tuple[int, str, dict[str, str]] | None:
            if options.minutes and time.monotonic() - began > options.minutes * 60:
                return None
            source = generate(seed)
            return seed, source, subject.differences(source, options.modes, f"seed{seed}")

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for result in pool.map(one, options.seeds):
                if result is None:
                    continue
                seed, source, found = result
                tried += 1
                failed += bool(found)
                report(subject, source, found, f"seed{seed}", options)
    print(f"{tried} programs, {len(options.modes)} modes, {failed} differ, {time.monotonic() - began:.0f} s")
    if not tried:
        print("no program was run")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())

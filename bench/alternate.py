#!/usr/bin/env python3
"""Compare builds or settings on one program, iteration by iteration in turns.

    bench/alternate.py PROGRAM [--iterations N] --variant [NAME:][VAR=VALUE ...] PYTHON --variant ...

One process per variant stays alive; each runs one iteration while the others wait, so that a machine whose speed
drifts hits all alike. Printed are the medians of the paired ratios first variant / other (above 1: the other is faster), by
quarters of the run, in CPU time of all threads; the CPU time of the whole run; and peak memory.

PROGRAM is a file of bench/programs, by its path or its name. A PYTHON of `stock` is this one with Overdrive off, `overdrive`
this one with it on.
"""

import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def serve(path):
    """In the child: one iteration for each line of input."""
    import child

    answers = sys.stdout
    sys.stdout = sys.stderr
    child.prepare(path)
    program = child.load(path, "program")
    for _ in sys.stdin:
        start = child.now()
        program.run(program.N)
        json.dump([child.now() - start, child.peak_memory()], answers)
        print(file=answers, flush=True)


class Variant:
    """A child that runs one iteration when asked to."""

    def __init__(self, text, path, number):
        words = shlex.split(text)
        self.name = f"variant {number}"
        if words and words[0].endswith(":"):
            self.name = words.pop(0)[:-1]
        environment = dict(os.environ, OVERDRIVE="0", PYTHONHASHSEED="1")
        while words and "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        if not words:
            sys.exit(f"alternate: --variant {text!r} names no Python")
        if words[0] in ("stock", "overdrive"):
            environment["OVERDRIVE"] = str(int(words[0] == "overdrive"))
            self.name = words[0] if self.name.startswith("variant") else self.name
            words[0] = sys.executable
        try:
            self.process = subprocess.Popen([*words, str(HERE / "alternate.py"), "--serve", str(path)], env=environment,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        except OSError as error:
            sys.exit(f"alternate: cannot start {words[0]}: {error.strerror}")
        self.seconds, self.peak = [], 0

    def iterate(self):
        try:
            print(file=self.process.stdin, flush=True)
            seconds, self.peak = json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            sys.exit(f"alternate: {self.name} has ended with {self.process.wait()}")
        self.seconds.append(seconds)


def find(name):
    path = pathlib.Path(name)
    if path.is_file():
        return path.resolve()
    found = sorted(HERE.glob(f"programs/*/{name}.py"))
    if not found:
        sys.exit(f"alternate: no file and no program of bench/programs: {name}")
    return found[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--iterations", type=int, default=24)
    parser.add_argument("--variant", action="append", default=[], metavar="[NAME:][VAR=VALUE ...] PYTHON")
    options = parser.parse_args()
    path = find(options.program)
    texts = options.variant or ["stock", "overdrive"]
    variants = [Variant(text, path, k) for k, text in enumerate(texts, 1)]
    for k in range(options.iterations):
        for variant in variants if k % 2 else variants[::-1]:
            variant.iterate()
    first = variants[0]
    print(f"{path.stem}: {options.iterations} iterations, {sum(first.seconds):.2f} s, {first.peak / 1024:.1f} MB with {first.name}")
    cuts = [options.iterations * q // 4 for q in range(5)]
    for other in variants[1:]:
        ratios = [a / b for a, b in zip(first.seconds, other.seconds)]
        quarters = " ".join(f"{statistics.median(ratios[a:b]):6.3f}" for a, b in zip(cuts, cuts[1:]) if b > a)
        whole = sum(first.seconds) / sum(other.seconds)
        print(f"  {first.name} / {other.name:<16} by quarters {quarters}   whole {whole:6.3f}   memory {(other.peak - first.peak) / 1024:+.1f} MB")
    for variant in variants:
        variant.process.stdin.close()
        variant.process.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2])
    else:
        main()

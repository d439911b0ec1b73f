"""The demo: whole programs, from start to exit, with and without Overdrive.

Every program runs twice as its own process, `python X` and `overdrive run X`. What counts is
the CPU time of the whole process, start-up, warm-up and compiling included, and that the
output is the same byte for byte.
"""

import math
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OVERDRIVE = pathlib.Path(sys.executable).parent / "overdrive"

# program, how often it repeats its work, what it is
PROGRAMS = [
    ("numeric/nbody", 5, "planets under gravity"),
    ("numeric/spectral_norm", 4, "power iteration"),
    ("numeric/mandelbrot", 7, "the set, as text"),
    ("numeric/sor", 5, "a grid relaxed"),
    ("objects/richards", 5, "an operating system in miniature"),
    ("objects/deltablue", 5, "a constraint solver"),
    ("objects/raytrace", 5, "spheres over a floor"),
    ("objects/go", 5, "random games of Go"),
    ("objects/aes", 5, "AES in plain Python"),
    ("text/json_encoder", 5, "JSON in plain Python"),
    ("text/tokenizer", 6, "a small language"),
    ("functional/closures", 6, "higher-order functions"),
    ("applications/docutils_html", 10, "docutils: a document to HTML"),
    ("applications/sqlglot_transpile", 6, "sqlglot: SQL between dialects"),
    ("applications/networkx_graphs", 6, "networkx: graph algorithms"),
    ("applications/sympy_algebra", 5, "sympy: computer algebra"),
]

WIDTH = 28  # characters of the longest bar
EIGHTHS = " ▏▎▍▌▋▊▉█"


def run(command):
    """Run to the end; return (CPU seconds of all its threads and children, output, exit code)."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OVERDRIVE", "PYTHON"))}
    environment["PYTHONHASHSEED"] = "0"
    before = os.times()
    done = subprocess.run(command, env=environment, capture_output=True, timeout=600)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, done.stdout + done.stderr, done.returncode


def bar(ratio, longest):
    """A bar of blocks whose length is the ratio."""
    eighths = round(ratio / longest * WIDTH * 8)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def colour(code, text):
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text


def names_of(path):
    """What a program or its group may be called: the first is shown."""
    group, name = path.split("/")
    return [name.split("_")[0], name, group] if group == "applications" else [name, group]


def main(names):
    known = {name for path, _, _ in PROGRAMS for name in names_of(path)}
    for name in names:
        if name not in known:
            shown = " ".join(names_of(path)[0] for path, _, _ in PROGRAMS)
            print(f"demo: there is no program {name}; there are: {shown}", file=sys.stderr)
            return 2
    chosen = [p for p in PROGRAMS if not names or set(names) & set(names_of(p[0]))]
    print(f"CPython {sys.version.split()[0]}, the same interpreter with and without Overdrive; CPU seconds of the whole process\n")
    print(f"{'program':<18}{'python':>8}{'overdrive':>11}  {'':<{WIDTH}} faster")
    ratios, failures = [], []
    for name, times, what in chosen:
        line = [str(HERE / "once.py"), str(HERE / "programs" / f"{name}.py"), str(times)]
        short = names_of(name)[0]
        stock, expected, stock_code = run([sys.executable, *line])
        ours, output, code = run([str(OVERDRIVE), "run", *line])
        if (output, code) != (expected, stock_code) or stock_code != 0:
            failures.append((name, expected, stock_code, output, code))
            print(f"{short:<18}{stock:>8.2f}{ours:>11.2f}  {colour(31, 'DIFFERENT OUTPUT')}")
            continue
        ratio = stock / ours
        ratios.append(ratio)
        # Bars share one scale: a full bar is ten times as fast.
        drawn = bar(min(ratio, 10.0), 10.0)
        print(f"{short:<18}{stock:>8.2f}{ours:>11.2f}  {colour(36, f'{drawn:<{WIDTH}}')} {ratio:5.2f}x  {colour(2, what)}", flush=True)
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"\n{len(ratios)} program{'s' * (len(ratios) > 1)}, the same output in each; geometric mean {mean:.2f}x (a full bar is 10x)")
    for name, expected, stock_code, output, code in failures:
        print(f"\n{name}: exit code {stock_code} without, {code} with Overdrive; the output ends", file=sys.stderr)
        print(f"  without: {expected[-300:]!r}\n  with:    {output[-300:]!r}", file=sys.stderr)
    if not failures:
        print("Your own program: .venv/bin/overdrive run app.py; what it did: .venv/bin/overdrive explain app.py")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

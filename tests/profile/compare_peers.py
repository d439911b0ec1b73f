"""Overdrive's profiler beside py-spy, austin and Scalene, on the same programs in turns.

    python -m venv peers && peers/bin/pip install py-spy==0.4.1 austin-dist==3.7.0 scalene==2.4.0
    python tests/profile/compare_peers.py peers/bin [rounds]

Two programs: one made to break profilers, which knows which calls cannot occur (impossible stacks) and how much work it got done
(slow-down); and one that measures itself how its time splits over three lines (error). Prints a table; medians over the rounds,
since the machine may be busy. The clock of all tools is set to 1 kHz.
"""

import collections
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(pathlib.Path(__file__).parent)]

import profile_breaker as breaker

PLANTED = '''
import hashlib, time
data = b"x" * 4_000_000
big = [(k * 7919) % 1000003 for k in range(60000)]
def in_python(n):
    s = 0
    while n: s = (s * 31 + n) % 1000003; n -= 1  # python
    return s
def in_native(k):
    while k: hashlib.sha256(data); k -= 1  # native
def in_sort(k):
    while k: sorted(big); k -= 1  # sort
spent = {"python": 0, "native": 0, "sort": 0}
start, wall = time.process_time(), time.time()
while time.process_time() - start < 4:
    for name, f, a in (("python", in_python, 100000), ("native", in_native, 2), ("sort", in_sort, 1)):
        t = time.process_time(); f(a); spent[name] += time.process_time() - t
print("SPLIT", spent)
'''


def breaker_program():
    text, calls = breaker.generate()
    head, _, _ = text.partition("if __name__ ==")
    tail = (
        "if __name__ == '__main__':\n    import os\n    n = 0\n    start, wall = time.process_time(), time.time()\n"
        "    while time.process_time() - start < 3: work(); n += 1\n"
        "    print('RATE', n / (time.process_time() - start), n / (time.time() - wall), sum(os.times()[:2]))\n"
    )
    calls = dict(calls)
    program = head + tail
    line = next(k for k, row in enumerate(program.splitlines(), 1) if "work(); n += 1" in row)
    calls[line] = {"work"}
    return program, calls


def tools(peers):
    me = [sys.executable, "-m", "overdrive", "profile", "--quiet"]
    python = sys.executable
    return {
        "no profiler": lambda program, out: [python, program],
        "overdrive": lambda program, out: [*me, "-o", out, program],
        "overdrive --mode cpu --no-native": lambda program, out: [*me, "--mode", "cpu", "--no-native", "-o", out, program],
        "py-spy": lambda program, out: [f"{peers}/py-spy", "record", "-r", "1000", "-f", "raw", "-o", out, "--", python, program],
        "py-spy --nonblocking": lambda program, out: [f"{peers}/py-spy", "record", "--nonblocking", "-r", "1000", "-f", "raw", "-o", out, "--", python, program],
        "py-spy --native": lambda program, out: [f"{peers}/py-spy", "record", "--native", "-r", "1000", "-f", "raw", "-o", out, "--", python, program],
        "austin": lambda program, out: [f"{peers}/austin", "-i", "1ms", "-o", out, python, program],
        "scalene --cpu-only": lambda program, out: [f"{peers}/scalene", "run", "--cpu-only", "-o", out + ".json", program],
    }


def stacks(tool, path, file):
    """Counter of stacks as tuples of (function, line) of the program's own frames; None if the tool has no stacks."""
    out = collections.Counter()
    if tool.startswith("scalene"):
        return None
    if tool.startswith("overdrive"):
        import overdrive.profile

        profile = overdrive.profile.read(path)
        for node, value in profile.folded("samples").items():
            out[tuple((f.name.rpartition(".")[2], f.line) for f in profile.stack(node) if f.file == file)] += value
        return out
    name = re.escape(os.path.basename(file))
    with open(path, errors="replace") as lines:
        for row in lines:
            text, _, count = row.rstrip().rpartition(" ")
            if not count.isdigit():
                continue
            frames = []
            for part in text.split(";"):
                found = re.match(rf"(\S+) \((?:.*/)?{name}:(\d+)\)", part)
                if found:
                    frames.append((found[1].rpartition(".")[2], int(found[2])))
                elif found := re.match(rf"(?:.*/)?{name}:(.+):(\d+)$", part):
                    frames.append((found[1].rpartition(".")[2], int(found[2])))
            out[tuple(frames)] += int(count)
    return out


def impossible_share(counted, calls):
    """% of the weight of stacks with a call that cannot be."""
    bad = total = 0
    for frames, count in counted.items():
        if not frames:
            continue
        total += count
        wrong = frames[0][0] not in ("<module>", "main")
        wrong |= any(callee not in calls.get(line, ()) for (_, line), (callee, _) in zip(frames, frames[1:]))
        bad += count * wrong
    return 100 * bad / total if total else float("nan")


def planted_error(tool, path, file, output):
    """Largest difference, in points, between a line's share in the profile and what the program measured itself."""
    want = eval(re.search(r"SPLIT (.*)", output)[1])  # our own program's dict
    lines = {row.rpartition("# ")[2]: n for n, row in enumerate(PLANTED.splitlines(), 1) if re.search(r"# (python|native|sort)$", row)}
    got = collections.Counter()
    if tool.startswith("scalene"):
        with open(path + ".json") as data:
            for name, entry in json.load(data)["files"].items():
                for line in entry["lines"]:
                    for key, number in lines.items():
                        if line["lineno"] == number:
                            got[key] += line["n_cpu_percent_python"] + line["n_cpu_percent_c"] + line["n_sys_percent"]
    else:
        for frames, count in stacks(tool, path, file).items():
            for key, number in lines.items():
                if frames and frames[-1][1] == number:
                    got[key] += count
    total, whole = sum(got.values()) or 1, sum(want.values())
    return max(abs(100 * got[key] / total - 100 * want[key] / whole) for key in want)


def run(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.time()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=180)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout + done.stderr, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.time() - started


def main():
    peers = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    program, calls = breaker_program()
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("breaker_run.py", program), ("planted_run.py", PLANTED)):
            pathlib.Path(folder, name).write_text(text)
        for k in range(rounds):
            for tool, command in tools(peers).items():
                out = os.path.join(folder, f"out{k}-{abs(hash(tool))}")
                file = os.path.join(folder, "breaker_run.py")
                output, cpu, _ = run(command(file, out), folder)
                row = found[tool]
                rate = re.search(r"RATE (\S+) (\S+) (\S+)", output)
                if not rate:
                    print(f"{tool}: failed: {output.strip().splitlines()[-1:]}", file=sys.stderr)
                    continue
                row["per_cpu"].append(float(rate[1]))
                row["per_wall"].append(float(rate[2]))
                row["own"].append(max(0.0, 100 * (cpu - float(rate[3])) / float(rate[3])))
                if tool == "no profiler":
                    continue
                counted = stacks(tool, out, file)
                if counted is not None:
                    row["impossible"].append(impossible_share(counted, calls))
                out += "p"
                file = os.path.join(folder, "planted_run.py")
                output, _, _ = run(command(file, out), folder)
                try:
                    row["error"].append(planted_error(tool, out, file, output))
                except (OSError, TypeError, KeyError, ValueError) as error:
                    print(f"{tool}: no figures on the planted program: {error!r}", file=sys.stderr)
    base = {key: statistics.median(found["no profiler"][key]) for key in ("per_cpu", "per_wall")}

    def cell(values, pattern):
        return pattern.format(statistics.median(values)) if values else "-"

    print(f"| tool ({rounds} rounds, Python {sys.version.split()[0]}) | slower, CPU time | slower, wall time | profiler's own CPU | impossible stacks | worst error of a line's share |")
    print("|---|---|---|---|---|---|")
    for tool, row in found.items():
        slower = [100 * (base["per_cpu"] / v - 1) for v in row["per_cpu"]]
        wall = [100 * (base["per_wall"] / v - 1) for v in row["per_wall"]]
        print(
            f"| {tool} | {cell(slower, '{:+.1f} %')} | {cell(wall, '{:+.1f} %')} | {cell(row['own'], '{:.0f} %')} | "
            f"{cell(row['impossible'], '{:.3f} %')} | {cell(row['error'], '{:.1f} points')} |"
        )


if __name__ == "__main__":
    main()

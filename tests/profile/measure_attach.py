"""What being attached to costs the target: its work for each second of its CPU time, with and without, in turns.

    python tests/profile/measure_attach.py [pairs] [rate]
"""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(pathlib.Path(__file__).parent)]

import profile_breaker as breaker

from overdrive import _profile
from overdrive.profile import attach


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    text, _ = breaker.generate()
    head, _, _ = text.partition("if __name__ ==")
    tail = "import sys\nn = 0\nwhile True:\n    work(); n += 1\n    if not n % 10: print(n, time.process_time(), flush=True)\n"
    slower = []
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "target.py")
        program.write_text(head + tail)
        target = subprocess.Popen([sys.executable, str(program)], stdout=open(os.path.join(folder, "log"), "w"))
        try:
            time.sleep(1)

            def speed(seconds, attached):
                if attached:
                    part = os.path.join(folder, "part")
                    attach.start(target.pid, part, rate)
                    time.sleep(0.2)
                first = last()
                time.sleep(seconds)
                then = last()
                if attached:
                    _profile.attach_stop()
                    os.unlink(part)
                return (then[0] - first[0]) / (then[1] - first[1])

            def last():
                rows = re.findall(r"^(\d+) ([\d.]+)$", pathlib.Path(folder, "log").read_text(), re.M)
                return int(rows[-1][0]), float(rows[-1][1])

            for _ in range(pairs):
                plain, attached, plain2 = speed(1.5, False), speed(1.5, True), speed(1.5, False)
                slower.append(100 * ((plain + plain2) / 2 / attached - 1))
        finally:
            target.kill()
    quartiles = statistics.quantiles(slower, n=4)
    print(f"attached at {rate} Hz: the target needs {statistics.median(slower):+.1f} % more CPU time (quartiles {quartiles[0]:+.1f} to {quartiles[2]:+.1f} %, {pairs} pairs)")


if __name__ == "__main__":
    main()

"""Run one of the benchmark programs as a plain program: print what it computes.

    python once.py FILE [TIMES]
"""

import os
import runpy
import sys

path, times = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
sys.path[0] = os.path.dirname(os.path.abspath(path))
program = runpy.run_path(path)
for _ in range(times):
    print(program["run"](program["N"]))

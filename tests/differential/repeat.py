"""Run a program again and again in this process and print what has stayed behind of the last runs.

    repeat.py PROGRAM TIMES

One line of JSON: how many more objects the collector knows, and how many more blocks of memory are in use, after the last
run than two runs before.
"""

import contextlib
import gc
import json
import os
import runpy
import sys
import weakref


def measure() -> tuple[int, int]:
    gc.collect()
    gc.collect()
    # Weak references to dead classes are left until the compiler next looks for a class.
    known = sum(not (type(o) is weakref.ref and o() is None) for o in gc.get_objects())
    return known, sys.getallocatedblocks()


def main() -> None:
    path, times = sys.argv[1], int(sys.argv[2])
    sys.argv = [path]
    left = []
    with open(os.devnull, "w") as nowhere:
        for _ in range(times):
            with contextlib.redirect_stdout(nowhere), contextlib.suppress(Exception, SystemExit):
                runpy.run_path(path, run_name="__main__")
            left.append(measure())
    print(json.dumps([last - before for last, before in zip(left[-1], left[-3])]))


main()

"""Measure one program inside one interpreter and print the figures as a line of JSON.

    python child.py FILE [--seconds S] [--loops L] [--least N]

FILE is either a program of ours, which defines `run(n)` and a default `N`, or a script
written for pyperf, whose benchmarks are run by the stand-in below. Overdrive is on if it is on
in the process. Works on any Python from 3.8.
"""

import hashlib
import importlib.util
import json
import os
import sys
import time

now = time.process_time  # CPU of all threads: compiling in the background counts


def measure(call, seconds, least):
    """Call until `seconds` of CPU are used and at least `least` times; return the durations."""
    durations = []
    used = 0.0
    while used < seconds or len(durations) < least:
        start = now()
        call()
        end = now()
        durations.append(end - start)
        used += end - start
    return durations


def peak_memory():
    """Peak resident memory in KiB of this program alone (not of what it was forked from)."""
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Results:
    """The figures of every benchmark in one file."""

    def __init__(self, options):
        self.options = options
        self.entries = {}

    def add(self, name, run_loops, check=None, loops=None):
        """Measure `run_loops(loops)`; one loop's time is what is kept."""
        loops = self.options.get("loops", {}).get(name, loops)
        first = None
        if loops is None:  # enough loops for the clock; only the first interpreter does this
            loops = 1
            while True:
                start = now()
                run_loops(loops)
                took = now() - start
                if first is None:
                    first = took
                if took >= 0.05:
                    break
                loops *= 2 if took > 0.01 else 5
        durations = measure(lambda: run_loops(loops), self.options["seconds"], self.options["least"])
        self.entries[name] = {
            "durations": [d / loops for d in durations],
            "loops": loops,
            "check": check() if check else None,
        }


def stand_in_for_pyperf(results):
    """A module that looks like pyperf to a benchmark script and measures in this process."""
    import argparse
    import types

    class Runner:
        def __init__(self, *args, **kwargs):
            self.metadata = {}
            self.argparser = argparse.ArgumentParser()
            self.args = None
            self._add = kwargs.get("add_cmdline_args")

        def parse_args(self, args=None):
            if self.args is None:
                self.args = self.argparser.parse_args(args)
                self.args.worker = True
            return self.args

        def bench_func(self, name, function, *args, inner_loops=None, **kwargs):
            def loop(n):
                for _ in range(n):
                    function(*args)

            self.parse_args()
            results.add(name, loop)
            return True

        def bench_time_func(self, name, function, *args, inner_loops=None, **kwargs):
            self.parse_args()
            results.add(name, lambda n: function(n, *args))
            return True

        def bench_async_func(self, name, function, *args, loop_factory=None, **kwargs):
            import asyncio

            def run(n):
                async def several():
                    for _ in range(n):
                        await function(*args)

                if loop_factory is None:
                    asyncio.run(several())
                    return
                loop = loop_factory()
                try:
                    loop.run_until_complete(several())
                finally:
                    loop.close()

            self.parse_args()
            results.add(name, run)
            return True

        def bench_command(self, name, command, **kwargs):
            raise SystemExit("skip: it measures commands, not a program")

        timeit = bench_command

    module = types.ModuleType("pyperf")
    module.Runner = Runner
    module.perf_counter = time.perf_counter
    module.python_implementation = lambda: sys.implementation.name
    module.python_has_jit = lambda: False
    return module


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def prepare(path):
    """The program's folder is where its own imports are looked up, as when run as a script; some recurse deeply."""
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))


def main():
    options = {"seconds": 1.0, "least": 3}
    path = sys.argv[1]
    for name, value in zip(sys.argv[2::2], sys.argv[3::2]):
        options[name[2:]] = json.loads(value)
    results = Results(options)
    prepare(path)
    sys.argv = [path, *options.get("argv", [])]
    if os.path.basename(path).startswith("run_"):
        sys.modules["pyperf"] = stand_in_for_pyperf(results)
        load(path, "__main__")
    else:
        program = load(path, "program")
        state = {}

        def once(loops):
            for _ in range(loops):
                state["result"] = program.run(program.N)

        def check():
            return hashlib.blake2b(repr(state["result"]).encode(), digest_size=8).hexdigest()

        results.add(os.path.splitext(os.path.basename(path))[0], once, check, loops=1)
    overdrive = sys.modules.get("overdrive")
    print(
        json.dumps(
            {
                "entries": results.entries,
                "peak_kb": peak_memory(),
                "overdrive": bool(overdrive and overdrive.stats().get("enabled")),
                "version": sys.version.split("\n")[0],
                "implementation": sys.implementation.name,
            }
        )
    )


if __name__ == "__main__":
    main()

"""Write what the compiler did as JSON when the process ends (OVERDRIVE_REPORT=PATH).

The schema is in docs/explain.md. `{pid}` in PATH is replaced by the process id, so that a
program's children each write a report of their own instead of the last one winning.
"""

import atexit

SCHEMA = 1


def collect():
    """Return the report of this process as a JSON-ready dict."""
    import os
    import sys

    import overdrive

    units = overdrive._core.explain() if overdrive._core is not None else []
    return {
        "schema": SCHEMA,
        "pid": os.getpid(),
        "argv": list(getattr(sys, "orig_argv", [])),
        "python": sys.version.split()[0],
        "overdrive": overdrive.__version__,
        "units": units,
        "totals": overdrive.stats(),
    }


def _write(path):
    import gc

    # A collection here would end the program's objects before its own finalisation does.
    collects = gc.isenabled()
    gc.disable()
    try:
        _write_report(path)
    finally:
        if collects:
            gc.enable()


def _write_report(path):
    import overdrive

    # Taken first, and nothing compiled after it: writing the report is not in the report.
    enabled = overdrive.stats().get("enabled", False)
    overdrive.disable()
    report = collect()
    report["totals"]["enabled"] = enabled
    import json
    import os
    import sys

    path = path.replace("{pid}", str(os.getpid()))
    try:
        text = json.dumps(report)
        # Written beside and renamed: a reader never sees half a report.
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".part", path)
    except FileNotFoundError:
        pass  # there was a folder at the start: whoever asked for the report has gone
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"overdrive: cannot write the report: {error}\n")


def write_at_exit(path):
    """Arrange for the report to be written to `path` when this process ends."""
    import os
    import sys

    import overdrive

    # The program may change directory, so the path is fixed now.
    path = os.path.abspath(path)
    if not os.path.isdir(os.path.dirname(path)) and sys.stderr is not None:
        sys.stderr.write(f"overdrive: no report will be written: {os.path.dirname(path)} is no folder\n")
    atexit.register(_write, path)
    if overdrive._core is not None:
        # Forked workers end with os._exit(), and what their parent did is in its own report.
        overdrive._core.before_quick_exit(lambda: _write(path))
        os.register_at_fork(after_in_child=overdrive._core.forget_counts)

"""Overdrive: a just-in-time compiler for the CPython you already have.

    overdrive run app.py            run a program compiled
    OVERDRIVE=1 python app.py       the same through the environment
    import overdrive; overdrive.enable()

`enable()`, `disable()` and `stats()` are the whole interface in Python; everything else
is the command line (`overdrive --help`).

This module is imported at the start of every process that runs compiled, so it imports
nothing by itself.
"""

__version__ = "0.1.0"
__all__ = ["enable", "disable", "stats", "__version__"]

#: The extension module once it is loaded; None before, and where it cannot serve. Stays when this module is loaded again.
_core = globals().get("_core")
#: True once this process has been told (on stderr) that it runs without Overdrive.
_told = globals().get("_told", False)


def _refusal():
    """The sentence that says why this interpreter cannot be served, or None."""
    import sys

    if sys.implementation.name != "cpython":
        return f"this is {sys.implementation.name}, not CPython"
    version = sys.version_info
    if version[:2] != (3, 13):
        return f"CPython {version[0]}.{version[1]} is not supported (3.13 is)"
    if "t" in sys.abiflags:
        return "the free-threaded build of CPython is not supported"
    if "d" in sys.abiflags or hasattr(sys, "gettotalrefcount"):
        return "debug builds of CPython are not supported"
    return None


def _load():
    """Import the compiler; return None, or the sentence that says why it cannot be used."""
    if _core is not None:
        return None
    reason = _refusal()
    if reason is not None:
        return reason
    try:
        import overdrive._core  # sets the module's attribute `_core` above
    except ImportError as error:
        return f"its compiler cannot be loaded ({error})"
    import sys

    profiler = sys.modules.get("overdrive._profile")
    if profiler is not None and profiler.active():
        profiler.use_compiled_table(_core.compiled_table)
    return None


def _tell(reason):
    """Say once, in one line on stderr, that the program runs at stock speed."""
    global _told
    if _told:
        return
    _told = True
    import sys

    line = " ".join(str(reason).split())
    try:
        sys.stderr.write(f"overdrive: {line}; the program runs without Overdrive\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass  # no stderr: nobody to tell, and no reason to fail


def enable():
    """Switch compilation on for this process and return True.

    Where this interpreter cannot be served, one line on stderr says why, the program goes
    on at stock speed, and the result is False.
    """
    reason = _load()
    if reason is None:
        try:
            _core.enable()
            return True
        except RuntimeError as error:
            reason = error
    _tell(reason)
    return False


def disable():
    """Switch compilation off: nothing new is compiled or entered from here on."""
    if _core is not None:
        _core.disable()


def stats():
    """Return a dict of totals since the process started (see docs/explain.md).

    `stats()["enabled"]` is always there and tells whether compilation is on.
    """
    if _core is None:
        return {"enabled": False}
    return _core.stats()


def load_ipython_extension(ipython):
    """`%load_ext overdrive` in IPython: switch compilation on."""
    enable()


def unload_ipython_extension(ipython):
    """`%unload_ext overdrive` in IPython: switch compilation off."""
    disable()

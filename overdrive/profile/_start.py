"""Recording of this process: started by overdrive_profile.pth before the program's first line, or
by `overdrive.profile.record`.

The program must start and end as it would without us, so nothing here may raise out of the
hook, and whatever is changed in the interpreter is listed: `os.execv` and `os.execve` stop the
recording first, `signal.signal(SIGTRAP, ...)` keeps the clock's handler in front, and
`threading` reports the names of its threads.
"""

import json
import os
import sys
import time

_options = None  # of the launched recording, for children; None in a recording by `with`
_into = None
_hooked = False
_sequence = 0


def begin(path, options):
    """Start recording into `path`. Raises RecordError with the reason if that is impossible."""
    from overdrive import profile

    try:
        from overdrive import _profile
    except ImportError as error:
        raise profile.RecordError(f"the profiler's native part cannot be loaded ({error})") from None
    mode = options.get("mode", "wall")
    info = {
        "kind": "process",
        "pid": os.getpid(),
        "ppid": os.getppid(),
        "argv": list(getattr(sys, "orig_argv", None) or sys.argv),
        "executable": sys.executable,
        "python": sys.version.split()[0],
        "cwd": _cwd(),
        "options": options,
    }
    try:
        if mode == "memory":
            _profile.start(os.fspath(path), json.dumps(info), clock=False)
            _profile.start_memory(options.get("memory_interval", 512 * 1024))
        else:
            _profile.start(
                os.fspath(path),
                json.dumps(info),
                rate=options.get("rate", 1000),
                waits=mode == "wall",
                native=options.get("native", True),
                kernel=options.get("kernel", False),
                force=options.get("force", ""),
                max_overhead=options.get("max_overhead", 0.0),
            )
    except (OSError, ValueError) as error:
        raise profile.RecordError(f"recording cannot start: {error}") from None
    core = sys.modules.get("overdrive._core")  # one that is loaded later comes by itself
    if hasattr(core, "compiled_table"):
        _profile.use_compiled_table(core.compiled_table)
    _hook()


def end():
    """Stop recording, after writing down what is only known now."""
    from overdrive import _profile

    if not _profile.active():
        return
    threading = sys.modules.get("threading")
    if threading is not None:
        for thread in threading.enumerate():
            _name_thread(thread)
    core = sys.modules.get("overdrive._core")
    for unit in core.sampled_code() if hasattr(core, "sampled_code") else ():
        _profile.note(json.dumps({"kind": "machine", **unit}))
    _profile.stop()


def _cwd():
    try:
        return os.getcwd()
    except OSError:
        return ""


def _name_thread(thread, **more):
    from overdrive import _profile

    tid = getattr(thread, "native_id", None)
    if tid is not None:
        _profile.note(json.dumps({"kind": "thread", "tid": tid, "name": thread.name, **more}))


def _hook():
    global _hooked
    if _hooked:
        return
    _hooked = True
    _hook_threads()
    _hook_exec()
    _hook_signal()


def _hook_threads():
    import threading

    from overdrive import _profile

    original = threading.Thread._set_native_id

    def _set_native_id(self):
        original(self)
        if _profile.active():
            _name_thread(self, start_ns=time.monotonic_ns())

    threading.Thread._set_native_id = _set_native_id


def _hook_exec():
    """A pending clock signal outlives exec and would kill a program that starts with it blocked."""
    import functools

    import _signal

    from overdrive import _profile

    def stopping(original):
        @functools.wraps(original)
        def exec_(*args, **kwargs):
            if not _profile.active():
                return original(*args, **kwargs)
            end()
            blocked = _signal.pthread_sigmask(_signal.SIG_UNBLOCK, {_signal.SIGTRAP})
            try:
                _signal.pthread_sigmask(_signal.SIG_SETMASK, blocked)
                return original(*args, **kwargs)
            finally:  # only reached when exec failed
                _again()

        return exec_

    os.execv = stopping(os.execv)
    os.execve = stopping(os.execve)


def _hook_signal():
    """`signal.signal` ends in `_signal.signal`, whatever the program imported it from."""
    import functools

    import _signal

    from overdrive import _profile

    original = _signal.signal

    @functools.wraps(original)
    def signal(number, handler, /):
        if number != _signal.SIGTRAP or not _profile.active():
            return original(number, handler)
        if handler in (_signal.SIG_DFL, _signal.SIG_IGN):
            # Never in force by itself, not for a moment: a clock signal would end the program.
            before = _signal.getsignal(number)
            _profile.set_plain_disposition(handler == _signal.SIG_IGN)
            return before
        before = original(number, handler)
        _profile.keep_signal()
        return before

    _signal.signal = signal


def _part_path():
    global _sequence
    _sequence += 1
    return os.path.join(_into, f"{os.getpid()}-{time.monotonic_ns()}-{_sequence}.part")


def _again():
    """Record on: after a fork in the child, or after an exec that failed."""
    if _into is None:
        return
    from overdrive.profile import RecordError

    try:
        begin(_part_path(), _options)
    except RecordError:
        pass  # the child runs unrecorded; the launcher counts it as unseen


def _launched():
    """Called at interpreter start when the environment names a recording."""
    global _options, _into
    import atexit

    try:
        _into = os.environ["OVERDRIVE_PROFILE_INTO"]
        _options = json.loads(os.environ.get("OVERDRIVE_PROFILE_OPTIONS", "{}"))
        atexit.register(end)  # first registered, so last called
        os.register_at_fork(after_in_child=_again)
        begin(_part_path(), _options)
    except Exception as error:  # noqa: BLE001 - the program comes first
        note = os.path.join(_into or "/nonexistent", f"{os.getpid()}.failed")
        try:
            with open(note, "w") as file:
                file.write(str(error))
        except OSError:
            pass


if os.environ.get("OVERDRIVE_PROFILE_INTO"):
    _launched()

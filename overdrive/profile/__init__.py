"""Overdrive's profiler: record a program, read a record.

    overdrive profile app.py                 record a whole program (see docs/profile.md)

    import overdrive.profile
    with overdrive.profile.record("part.odp"):
        work()                               # only this part is recorded

    profile = overdrive.profile.read("part.odp")
    for sample in profile.samples():
        print(sample.thread.name, sample.cpu_ns, [str(frame) for frame in sample.stack])
"""

__all__ = ["record", "read", "ProfileError", "RecordError"]


class ProfileError(Exception):
    """A record that cannot be read. The text is one sentence for the user."""


class RecordError(Exception):
    """A recording that cannot start. The text is one sentence for the user."""


def read(path):
    """Read the record at `path` (a file, or the folder of a recording that was cut off).

    Returns a `overdrive.profile.model.Profile`. Raises ProfileError for a file that is not a
    record, and OSError where the system refuses to read it.
    """
    from overdrive.profile.model import Profile

    return Profile.read(path)


class record:
    """Record what this process does while the `with` block runs.

    path: file to write; it must not exist yet, unless `overwrite` is true.
    rate: samples for each second of CPU time, 1 to 10000.
    mode: "wall" (CPU time and waits), "cpu" (CPU time only) or "memory" (allocations).
    max_overhead: bound for the profiler's share of the CPU time (0.01 is 1 %), 0 for none.

    Raises RecordError if recording cannot start, for example because this process records
    already.
    """

    def __init__(self, path, *, rate=1000, mode="wall", max_overhead=0.0, overwrite=False):
        self.path = path
        self.options = {"rate": rate, "mode": mode, "max_overhead": max_overhead}
        self.overwrite = overwrite

    def __enter__(self):
        from overdrive.profile import _start

        if self.overwrite:
            import contextlib
            import os

            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)
        self.part = f"{self.path}.part"
        _start.begin(self.part, self.options)
        return self

    def __exit__(self, *exception):
        from overdrive.profile import _start, merge

        _start.end()
        merge.merge([self.part], self.path)
        return False

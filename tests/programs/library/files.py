# Files, temporary folders, pathlib, context managers and iteration over lines.
import os
import pathlib
import tempfile
from probe import steady


def lines(n):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.txt"
        path.write_text("".join(f"{i} {i * i}\n" for i in range(n)))
        total = 0
        with open(path) as f:
            for line in f:
                a, b = line.split()
                total += int(a) + int(b)
        with path.open("rb") as f:
            head = f.read(3)
            f.seek(-4, os.SEEK_END)
            tail = f.read()
        names = sorted(p.name for p in pathlib.Path(folder).iterdir())
        try:
            open(path / "nothing")
        except OSError as e:
            kind = type(e).__name__
    return total, head, tail, names, kind, path.exists()


steady(lines, 40)

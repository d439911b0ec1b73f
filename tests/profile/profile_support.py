"""What the profiler's tests share: running commands in a folder of the test's own, and reading what they recorded."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def environment(**more):
    out = {k: v for k, v in os.environ.items() if not k.startswith("OVERDRIVE_PROFILE")}
    out["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [out.get("PYTHONPATH")])])
    out.update(more)
    return out


class Recorder:
    """Runs commands in a folder of the test's own."""

    def __init__(self, folder):
        self.folder = folder

    def command(self, *args, timeout=60, **keywords):
        """`overdrive ARGS`: the finished process, with its output as text."""
        return subprocess.run(
            [sys.executable, "-m", "overdrive", *map(str, args)],
            cwd=self.folder, env=environment(), capture_output=True, text=True, timeout=timeout, **keywords,
        )

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def record(self, text, *options, args=(), name="app.py", code=0, timeout=60):
        """Record the program `text`; returns (Profile, standard output)."""
        import overdrive.profile

        path = self.write(name, text)
        output = self.folder / "record.odp"
        output.unlink(missing_ok=True)
        done = self.command("profile", "-o", output, *options, path, *args, timeout=timeout)
        assert done.returncode == code, done.stderr
        return overdrive.profile.read(str(output)), done.stdout


def one_sentence(done, code, *words):
    """`done` failed with `code` and one line on standard error that has all of `words`."""
    assert done.returncode == code, (done.returncode, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("overdrive: "), done.stderr
    for word in words:
        assert word in lines[0]


def line_of(text, marker):
    """Number of the line of `text` that ends in `# marker`."""
    found = [n for n, line in enumerate(text.splitlines(), 1) if line.rstrip().endswith(f"# {marker}")]
    assert len(found) == 1, (marker, found)
    return found[0]


def share_of_line(profile, file, lines, weight="cpu"):
    """Share of the weight in samples whose innermost Python frame is on one of `lines` of `file`."""
    hit = total = 0
    for node, value in profile.folded(weight).items():
        python = [f for f in profile.stack(node) if f.kind in ("python", "compiled")]
        total += value
        if python and python[-1].file == str(file) and python[-1].line in lines:
            hit += value
    return hit / total if total else 0.0

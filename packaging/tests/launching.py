"""Shared pieces of the packaging tests: run a command in a folder of its own."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OVERDRIVE = pathlib.Path(sys.executable).parent / "overdrive"
#: The interpreter that `overdrive` belongs to, by the name in its first line.
PYTHON = OVERDRIVE.read_text().split("\n", 1)[0].removeprefix("#!")


class Result:
    """What a process printed and how it ended."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def clean_environment(**extra):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OVERDRIVE", "PYTHON"))}
    environment.update(extra)
    return environment


def execute_in(folder):
    """A function that runs a command in `folder` with a clean environment."""

    def call(*command, env=None, stdin="", timeout=120):
        return Result(
            subprocess.run(
                [str(part) for part in command],
                cwd=folder,
                env=env if env is not None else clean_environment(),
                input=stdin,
                capture_output=True,
                text=True,
                timeout=timeout,
            )
        )

    return call

"""Every program several times in one process: compiled code leaves no more behind than the interpreter.

A lost reference changes no output, so the other differential tests cannot see it; a server sees it after an hour.
"""

import json
import pathlib

import harness
import pytest

REPEAT = pathlib.Path(__file__).with_name("repeat.py")
TIMES = 7
# What differs without a leak: caches, weak references to classes that are made anew, units that were just compiled.
OBJECTS, BLOCKS = 40, 300

PATHS = sorted(p for p in harness.PROGRAMS.rglob("*.py") if harness.SUPPORT not in p.parents)
NAMES = {str(p.relative_to(harness.PROGRAMS)): p for p in PATHS}


def left_behind(path: pathlib.Path, mode: str) -> list[int] | None:
    """Objects and blocks, or None if the program cannot be run again in the same process."""
    command = harness.program_command(REPEAT) + [str(path), str(TIMES)]
    lines = harness.run(command, mode, 4 * harness.directives(path).timeout).stdout.decode().splitlines()
    return json.loads(lines[-1]) if lines and lines[-1].startswith("[") else None


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stays_behind(name: str) -> None:
    stock = left_behind(NAMES[name], "stock")
    if stock is None:
        pytest.skip("it ends its process")
    for mode in ("compile-all", "osr:2"):
        objects, blocks = left_behind(NAMES[name], mode)
        assert objects <= stock[0] + OBJECTS and blocks <= stock[1] + BLOCKS, f"{mode}: {objects}, {blocks}; stock: {stock}"

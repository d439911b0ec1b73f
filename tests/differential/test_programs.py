"""Every program in tests/programs, interpreted and compiled, in every mode: what can be seen must be equal.

pytest tests/differential -n 2                      all of it
pytest tests/differential -k "closures and warm"    some of it
"""

import functools

import harness
import pytest

PATHS = sorted(p for p in harness.PROGRAMS.rglob("*.py") if harness.SUPPORT not in p.parents)
NAMES = {str(p.relative_to(harness.PROGRAMS)): p for p in PATHS}


@functools.cache
def stock_run(name: str) -> harness.Outcome:
    path = NAMES[name]
    return harness.run(harness.program_command(path), "stock", harness.directives(path).timeout)


def compiled(report: dict, path: str) -> set[str]:
    """The functions and loops of one file which the report lists as compiled."""
    return {unit["qualname"] for unit in report["units"] if unit["file"] == path and unit["state"] == "compiled"}


@pytest.mark.parametrize("mode", harness.MODES)
@pytest.mark.parametrize("name", NAMES)
def test_same_as_interpreted(name: str, mode: str) -> None:
    path = NAMES[name]
    options = harness.directives(path)
    stock = stock_run(name)
    other = harness.run(harness.program_command(path), mode, options.timeout)
    difference = harness.difference(stock, other, mode)
    if difference and options.known:
        pytest.xfail(options.known)
    if difference:
        pytest.fail(f"{name} in mode {mode} ({harness.MODES[mode]})\n{difference}", pytrace=False)
    if mode == "stock":
        return
    # Equal output proves nothing if the program ran interpreted, so Overdrive has to show its work.
    assert other.report is not None, "Overdrive wrote no report: it was not switched on in this process"
    if mode == "compile-all" and options.compiled:
        assert compiled(other.report, str(path)), "no function of the program was compiled"

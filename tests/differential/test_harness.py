"""The runner itself: does it notice what it is there to notice?"""

import sys

import harness
import pytest


def outcomes(
    tmp_path, body: str, mode: str = "compile-all", timeout: float = 20
) -> tuple[harness.Outcome, harness.Outcome]:
    program = tmp_path / "program.py"
    program.write_text("import os, sys\n" + body)
    argv = harness.program_command(program)
    return harness.run(argv, "stock", timeout), harness.run(argv, mode, timeout)


@pytest.mark.parametrize(
    "body, expected",
    [
        ("print('OVERDRIVE' in os.environ)", "+True"),
        ("print('a', end='' if 'OVERDRIVE' in os.environ else '\\n')", "+a (no newline at the end)"),
        ("if 'OVERDRIVE' in os.environ: 1 / 0", "ZeroDivisionError"),
        ("sys.exit(3 if 'OVERDRIVE' in os.environ else 4)", "exit status: stock 4, compile-all 3"),
        ("if 'OVERDRIVE' in os.environ: os.kill(os.getpid(), 9)", "SIGKILL"),
        ("print(os.environ.get('OVERDRIVE_MODE'))", "+compile-all"),
    ],
)
def test_a_difference_is_found_and_can_be_reproduced(tmp_path, body, expected):
    stock, other = outcomes(tmp_path, body)
    text = harness.difference(stock, other, "compile-all")
    assert expected in text
    assert "OVERDRIVE_MODE=compile-all" in text and "program.py" in text


def test_equal_runs_are_equal(tmp_path):
    stock, other = outcomes(tmp_path, "print(1)\nprint(2, file=sys.stderr)\nsys.exit(5)")
    assert (stock.stdout, stock.stderr, stock.status) == (b"1\n", b"2\n", 5)
    assert harness.difference(stock, other, "compile-all") == ""


def test_a_hang_is_a_failure_and_ends_the_children(tmp_path):
    body = "import subprocess, time\nif 'OVERDRIVE' in os.environ:\n    subprocess.run([sys.executable, '-c', 'while 1: pass'])"
    stock, other = outcomes(tmp_path, body, timeout=5)
    assert other.status == "timeout"
    assert "timeout" in harness.difference(stock, other, "compile-all")


def test_stock_runs_are_stock(monkeypatch):
    monkeypatch.setenv("OVERDRIVE", "1")
    monkeypatch.setenv("OVERDRIVE_MODE", "compile-all")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    env = harness.environment("stock")
    assert not [name for name in env if name.startswith("OVERDRIVE")]
    assert env["PYTHONHASHSEED"] == "0"


def test_directives(tmp_path):
    program = tmp_path / "p.py"
    program.write_text("# words\n# test: timeout=7\n# test: compiled=no\nx = 1\n# test: nonsense\n")
    found = harness.directives(program)
    assert found.timeout == 7 and not found.compiled
    program.write_text("# test: nonsense=1\n")
    with pytest.raises(ValueError):
        harness.directives(program)


def test_this_interpreter_is_supported():
    assert sys.version_info[:2] == (3, 13)

"""The fuzzer: is what it generates fit for use, does it find and reduce a miscompile, and are sixty seeds equal?"""

import ast
import stat
import sys

import harness
import pytest
import run
from generate import generate
from reduce import reduce

SMOKE_SEEDS = range(60)
SMOKE_MODES = ["compile-all", "warm:2", "warm:3,deopt:7", "osr:2"]

# A "Python" with a wrong compiler: under OVERDRIVE_MODE=compile-all it computes a - b as a + b inside loops.
MISCOMPILER = """\
#!{python}
import ast, os, sys
path = sys.argv[-1]
tree = ast.parse(open(path).read())
if os.environ.get("OVERDRIVE_MODE") == "compile-all":
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For):
            for node in ast.walk(loop):
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                    node.op = ast.Add()
sys.argv = [path]
exec(compile(tree, path, "exec"), {{"__name__": "__main__", "__builtins__": __import__("builtins")}})
"""


@pytest.fixture
def miscompiler(tmp_path):
    path = tmp_path / "python-wrong"
    path.write_text(MISCOMPILER.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_seed_is_always_the_same_program_and_seeds_differ():
    assert generate(5) == generate(5)
    assert len({generate(seed) for seed in range(20)}) == 20


def test_the_programs_cover_the_language():
    seen = set()
    for seed in range(150):
        seen.update(type(node).__name__ for node in ast.walk(ast.parse(generate(seed))))
    wanted = {
        "For", "While", "Try", "With", "Match", "FunctionDef", "ClassDef", "Lambda", "ListComp", "DictComp", "Yield",
        "NamedExpr", "Starred", "Global", "Nonlocal", "Delete", "Assert", "Raise", "Break", "Continue", "JoinedStr",
        "Compare", "IfExp", "BoolOp", "Subscript", "Slice", "AugAssign", "keyword", "MatchClass", "MatchMapping",
    }  # fmt: skip
    assert wanted - seen == set()


def test_a_miscompile_is_found_saved_and_made_small(miscompiler, tmp_path, capsys):
    found = tmp_path / "found"
    status = run.main(
        [
            "--seeds",
            "0:12",
            "--modes",
            "compile-all",
            "--python",
            miscompiler,
            "--found",
            str(found),
            "--attempts",
            "250",
            "--no-reduce",
        ]
    )
    output = capsys.readouterr().out
    assert status == 1 and "saved:" in output and "again: python tests/harness.py" in output
    full = sorted(found.glob("*.full.py"))
    assert full
    status = run.main(
        [
            "--reduce",
            str(full[0]),
            "--modes",
            "compile-all",
            "--python",
            miscompiler,
            "--found",
            str(found),
            "--attempts",
            "250",
        ]
    )
    capsys.readouterr()
    assert status == 1
    small = (found / f"{full[0].stem}-compile-all.py").read_text()
    assert "-" in small and len(small.splitlines()) < len(full[0].read_text().splitlines()) / 3


def test_equal_programs_are_not_reported(miscompiler, tmp_path, capsys):
    status = run.main(["--seeds", "0:4", "--modes", "warm:2", "--python", miscompiler, "--found", str(tmp_path)])
    assert status == 0 and "4 programs, 1 modes, 0 differ" in capsys.readouterr().out


def test_the_reducer_keeps_only_what_is_needed():
    source = "def f(a, b):\n    for i in range(3):\n        if a:\n            x = (a + 1) // (b * 2)\n            y = 5\n    return x\nprint(1)\nprint(f(4, 5))\n"
    small = reduce(source, lambda text: "//" in text)
    assert small.strip() in ("1 // 1", "f(4, 5) // 1") or len(small.splitlines()) <= 2
    assert "//" in small
    with pytest.raises(ValueError):
        reduce("x = 1\n", lambda text: False)


@pytest.mark.parametrize("seed", SMOKE_SEEDS)
def test_seed(seed, tmp_path):
    subject = run.Subject(sys.executable, tmp_path)
    found = subject.differences(generate(seed), SMOKE_MODES, f"seed{seed}")
    text = "\n".join(f"mode {mode}\n{difference}" for mode, difference in found.items())
    if text:
        pytest.fail(
            f"{text}\nreduce it: python fuzz/run.py --seeds {seed} --modes {' '.join(map(repr, found))}", pytrace=False
        )


def test_the_seeds_run_compiled(tmp_path):
    subject = run.Subject(sys.executable, tmp_path)
    outcome = harness.run(subject.command(generate(0), "seed0"), "compile-all")
    assert outcome.report is not None, "Overdrive wrote no report: it was not switched on"
    assert outcome.report["totals"]["compiled"] > 5

"""The command line apart from `run`."""

import json
import re

import pytest
from launching import OVERDRIVE, PYTHON, ROOT

from overdrive import _explain

BUSY = """\
import sys
def work(n):
    total = 0
    for i in range(n):
        total += i
    return total
print(work(3_000_000), sys.argv)
"""


@pytest.fixture
def app(tmp_path):
    (tmp_path / "app.py").write_text(BUSY)
    return "app.py"


def test_no_command_is_a_usage_error(execute):
    result = execute(OVERDRIVE)
    assert result.code == 2 and "usage: overdrive" in result.err


@pytest.mark.parametrize("line", [["nonsense"], ["explain"], ["explain", "--json"], ["dump", "ir"], ["dump", "x", "app.py"], ["--nonsense"], ["explain", "--nonsense", "app.py"]])
def test_mistakes_end_with_2(execute, app, line):
    result = execute(OVERDRIVE, *line)
    assert result.code == 2 and "error:" in result.err and "Traceback" not in result.err


def test_version(execute):
    assert execute(OVERDRIVE, "--version").out.startswith("overdrive 0.1.0 (CPython 3.13.")


def test_explain_prints_after_the_program(execute, app):
    result = execute(OVERDRIVE, "explain", app, "a")
    first, _, rest = result.out.partition("\n")
    assert first == "4499998500000 ['app.py', 'a']"
    assert "Overdrive: " in rest and result.code == 0 and result.err == ""


@pytest.mark.parametrize("line", [["--json", "app.py", "a"], ["app.py", "a", "--json"]])
def test_explain_json_leaves_standard_output_to_the_report(execute, app, line):
    result = execute(OVERDRIVE, "explain", *line)
    report = json.loads(result.out)
    assert set(report) == {"schema", "processes", "units", "totals"}
    assert result.err == "4499998500000 ['app.py', 'a']\n"


@pytest.mark.parametrize(
    "line, seen",
    [
        (["--", "app.py", "--json"], ["app.py", "--json"]),
        (["--limit", "3", "--", "app.py", "--json"], ["app.py", "--json"]),
        (["-X", "dev", "--limit=3", "--", "app.py"], ["app.py"]),
        (["app.py", "--", "--json"], ["app.py", "--", "--json"]),
    ],
)
def test_explain_leaves_options_after_dashes_to_the_program(execute, app, line, seen):
    result = execute(OVERDRIVE, "explain", *line)
    assert f" {seen}\n" in result.out and "Overdrive: " in result.out


def test_explain_writes_to_a_file(execute, app, tmp_path):
    result = execute(OVERDRIVE, "explain", "--json", "-o", "report.json", app)
    assert result.out == "4499998500000 ['app.py']\n"
    assert json.loads((tmp_path / "report.json").read_text())["schema"] == 1


HANDLED = """\
def look(table, key):
    try:
        return table[key]
    except KeyError:
        return None

for key in range(400_000):
    look({}, key)
"""


def test_explain_names_the_lines_of_loops_and_handlers(execute, tmp_path):
    """Also of a module's loop, whose code object is gone when the report is written."""
    (tmp_path / "handled.py").write_text(HANDLED)
    result = execute(OVERDRIVE, "explain", "--json", "handled.py")
    lines = {(unit["kind"], unit["qualname"]): unit["line"] for unit in json.loads(result.out)["units"]}
    assert lines["handler", "look"] == 4 and lines["function", "look"] == 1 and lines["loop", "<module>"] == 7


HANDLED_IN_PLACE = """\
def numbers(n):
    for i in range(n):
        try:
            if i % 3 == 0: raise ValueError
            yield i
        except ValueError:
            pass

total = sum(numbers(300_000))
for i in range(1_000_000):
    try:
        if i % 3 == 0: raise ValueError
    except ValueError:
        total += 1
"""


def test_explain_tells_handlers_from_the_loops_and_generators_around_them(execute, tmp_path):
    (tmp_path / "handled.py").write_text(HANDLED_IN_PLACE)
    result = execute(OVERDRIVE, "explain", "--json", "handled.py")
    kinds = {unit["line"]: unit["kind"] for unit in json.loads(result.out)["units"] if unit["state"] == "compiled"}
    assert [kinds.get(line) for line in (5, 6, 10, 13)] == ["generator", "handler", "loop", "handler"]


def test_explain_says_where_it_cannot_write(execute, app):
    result = execute(OVERDRIVE, "explain", "-o", "no/such/folder", app)
    assert result.code == 1 and "cannot write no/such/folder" in result.err


@pytest.mark.parametrize(
    "code, expected", [("raise SystemExit(5)", 5), ("1/0", 1), ("import os; os.kill(os.getpid(), 15)", 143)]
)
def test_explain_ends_as_the_program_ends(execute, code, expected):
    assert execute(OVERDRIVE, "explain", "-c", code).code == expected


def test_explain_of_a_missing_file_is_cpythons_own_error(execute):
    plain = execute(PYTHON, "missing.py")
    result = execute(OVERDRIVE, "explain", "missing.py")
    assert result.code == 2 and plain.err in result.err


def test_explain_adds_up_the_children(execute, tmp_path):
    (tmp_path / "parent.py").write_text(
        "import subprocess, sys\nfor _ in range(2): subprocess.run([sys.executable, '-c', 'pass'])\n"
    )
    report = json.loads(execute(OVERDRIVE, "explain", "--json", "parent.py").out)
    assert len(report["processes"]) == 3
    assert report["processes"][0]["argv"][-1] == "parent.py"


def test_the_totals_of_a_process_are_documented(execute, app):
    (process,) = json.loads(execute(OVERDRIVE, "explain", "--json", app).out)["processes"]
    section = (ROOT / "docs" / "explain.md").read_text().partition("### `totals` of a process")[2].partition("###")[0]
    assert set(process["totals"]) == set(re.findall(r"^\| `(\w+)`", section, re.M))


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_explain_counts_the_work_of_workers(execute, tmp_path, method):
    """Forked workers end with os._exit(); what their parent did before the fork is not theirs."""
    (tmp_path / "workers.py").write_text(
        "import multiprocessing\n"
        "def work():\n    for _ in range(40): sum(i * i for i in range(20000))\n"
        "def loop(n):\n    t = 0\n    for i in range(n): t += i & 3\n    return t\n"
        "if __name__ == '__main__':\n"
        "    for _ in range(50): loop(20000)\n"
        f"    workers = [multiprocessing.get_context({method!r}).Process(target=work) for _ in range(2)]\n"
        "    for w in workers: w.start()\n"
        "    for w in workers: w.join()\n"
        "    print([w.exitcode for w in workers])\n"
    )
    result = execute(OVERDRIVE, "explain", "--json", "-o", "report.json", "workers.py")
    assert (result.out, result.err, result.code) == ("[0, 0]\n", "", 0)
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["processes"]) >= 3
    counts = {name: sum(u["entries"] for u in report["units"] if u["qualname"].startswith(name)) for name in ("work", "loop")}
    assert counts["work"] > 0 and counts["loop"] <= 60


def report_of(units):
    return {"schema": 1, "processes": [{}], "units": units, "totals": _explain.totals(units)}


def test_report_text_shows_every_fact(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "m.py"
    source.write_text("def f(a):\n    return a + 1\ndef g(): yield\n")
    unit = {
        "kind": "function", "qualname": "f", "file": str(source), "line": 1, "state": "compiled",
        "reason": None, "compile_ms": 1.5, "code_bytes": 2048, "entries": 12345,
        "deopts": [{"reason": "int_overflow", "sentence": "An int grew past 64 bits.", "file": str(source),
                    "line": 2, "count": 77}],
    }  # fmt: skip
    declined = {
        "kind": "function", "qualname": "g", "file": str(source), "line": 3, "state": "declined",
        "reason": "generator", "sentence": "It is a generator.", "advice": "Wait.", "compile_ms": 0.0,
        "code_bytes": 0, "entries": 0, "deopts": [],
    }  # fmt: skip
    (tmp_path / "1.json").write_text(json.dumps({"schema": 1, "pid": 1, "argv": [], "units": [declined, unit]}))
    (tmp_path / "2.json").write_text(json.dumps({"schema": 1, "pid": 2, "argv": [], "units": [unit]}))
    report = _explain.merge(tmp_path)
    assert [u["qualname"] for u in report["units"]] == ["f", "g"]
    assert report["units"][0]["deopts"][0] == {
        "reason": "int_overflow", "sentence": "An int grew past 64 bits.", "file": str(source), "line": 2,
        "count": 154, "source": "return a + 1",
    }  # fmt: skip
    text = _explain.as_text(report, 0)
    for piece in ("m.py:1  f  [compiled]", "| def f(a):", "left 154 times at m.py:2", "An int grew past 64 bits.",
                  "| return a + 1", "m.py:3  g  [declined]", "It is a generator.", "try: Wait.", "24,690 times"):  # fmt: skip
        assert piece in text
    assert "... and 1 more" in _explain.as_text(report, 1)
    assert "left 1 time at" in "\n".join(_explain.unit_lines({**unit, "deopts": [{"count": 1}]}))


def test_units_are_ranked_by_what_can_be_won_back():
    def unit(name, state="compiled", reason=None, heat=0, compile_ms=0.0, left=0):
        return {"qualname": name, "state": state, "reason": reason, "heat": heat, "compile_ms": compile_ms, "deopts": [{"count": left}]}

    ranked = [
        unit("too large", "declined", "too_large", heat=200),
        unit("left often", left=10_000),
        unit("left once", compile_ms=0.1, left=1),
        unit("declined", "declined", "yields_each_turn"),
        unit("long to compile", compile_ms=80.0),
        unit("soon compiled", compile_ms=0.1),
        unit("makes a generator", "declined", "generator", heat=70, compile_ms=0.1),
        unit("<module>", "declined", "runs_once", heat=900),
    ]
    assert sorted(reversed(ranked), key=_explain.rank) == ranked
    reasons = (ROOT / "src" / "support" / "reasons.def").read_text()
    assert all(f"R(DECLINE, {name}, " in reasons for name in _explain.NOTHING_LOST)


def test_dump_of_nothing_says_so(execute, app):
    result = execute(OVERDRIVE, "dump", "ir", "--function", "no_such_function", app)
    assert result.out == "" and result.code == 0
    assert "no unit whose name contains 'no_such_function'" in result.err


def test_dump_shows_generators_too(execute, tmp_path):
    (tmp_path / "handled.py").write_text(HANDLED_IN_PLACE)
    result = execute(OVERDRIVE, "dump", "bytecode,ir,asm", "--function", "numbers", "handled.py")
    assert result.code == 0 and "resume numbers entry" in result.out, result

"""`overdrive run X` must be indistinguishable from `python X` but for being compiled."""

import os
import signal
import subprocess
import zipfile

import pytest
from launching import OVERDRIVE, PYTHON, clean_environment

# Prints everything about the start of a program that a launcher could get wrong.
REPORT = """\
import os, sys, signal
main = sys.modules["__main__"]
print("argv", sys.argv)
print("orig_argv", sys.orig_argv)
print("path0", sys.path[0])
print("name", __name__, "file", globals().get("__file__"), "package", __package__)
print("spec", getattr(__spec__, "name", None), "loader", type(__loader__).__name__)
print("executable", sys.executable, sys.flags, sorted(sys._xoptions.items()), sys.warnoptions)
print("signals", [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM)])
print("stdio", sys.stdin.encoding, sys.stdout.errors, os.environ.get("LC_CTYPE"))
print("globals", sorted(globals()))
print("environment", sorted(k for k in os.environ if k != "OVERDRIVE"))
"""


@pytest.fixture
def program(tmp_path):
    """A folder with the program as a script, a package, a folder and a zip."""
    (tmp_path / "app.py").write_text(REPORT)
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(REPORT)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "__main__.py").write_text(REPORT)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.writestr("__main__.py", REPORT)
    return tmp_path


LINES = [
    ["app.py"],
    ["app.py", "a", "--json", "-m", "x"],
    ["./app.py", "-c"],
    ["-m", "pack", "a"],
    ["-m", "app", "-x"],
    ["-mpack"],
    ["-c", REPORT, "a", "-b"],
    ["folder", "1"],
    ["app.zip", "1"],
    ["-", "a"],
    ["-O", "-X", "dev", "-W", "error", "app.py", "-O"],
    ["-OO", "-Wignore", "-Xutf8", "-u", "-B", "app.py"],
    ["-P", "app.py"],
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line)[:40].replace("\n", " "))
@pytest.mark.parametrize("entry", ["script", "module"])
def test_same_start_as_python(program, execute, line, entry):
    stdin = REPORT if line[0] == "-" else ""
    plain = execute(PYTHON, *line, stdin=stdin)
    start = [OVERDRIVE] if entry == "script" else [PYTHON, "-m", "overdrive"]
    ours = execute(*start, "run", *line, stdin=stdin)
    assert plain.code == 0, plain
    assert (ours.out, ours.err, ours.code) == (plain.out, plain.err, plain.code)


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "C"}, {"LC_CTYPE": "C.UTF-8"}, {"LANG": "C.UTF-8"}])
def test_same_locale_as_python(program, execute, locale):
    environment = {k: v for k, v in clean_environment().items() if not k.startswith(("LC_", "LANG"))}
    environment.update(locale)
    plain = execute(PYTHON, "app.py", env=environment)
    ours = execute(OVERDRIVE, "run", "app.py", env=environment)
    assert (ours.out, ours.err, ours.code) == (plain.out, plain.err, plain.code)


def test_program_is_compiled_and_so_are_its_children(execute):
    code = (
        "import sys, subprocess; print(sys.modules['overdrive'].stats()['enabled'], flush=True);"
        "subprocess.run([sys.executable, '-c', "
        "\"import sys; print(sys.modules['overdrive'].stats()['enabled'])\"])"
    )
    result = execute(OVERDRIVE, "run", "-c", code)
    assert (result.out, result.err) == ("True\nTrue\n", "")


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(7)",
        "import sys; sys.exit('gone')",
        "1/0",
        "def f():\n    g()\ndef g():\n    raise ValueError('x')\nf()",
        "import os; os.kill(os.getpid(), 9)",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "raise KeyboardInterrupt",
        "syntax error",
    ],
)
def test_same_end_as_python(tmp_path, execute, code):
    (tmp_path / "app.py").write_text(code + "\n")
    plain = execute(PYTHON, "app.py")
    ours = execute(OVERDRIVE, "run", "app.py")
    assert (ours.out, ours.err, ours.code) == (plain.out, plain.err, plain.code)
    assert plain.code != 0


@pytest.mark.parametrize(
    "line", [["missing.py"], ["-m", "no_such_module"], ["-c"], ["-m"], ["-Z", "x.py"], ["--nonsense"], ["empty"]]
)
def test_same_mistakes_as_python(tmp_path, execute, line):
    (tmp_path / "empty").mkdir()
    plain = execute(PYTHON, *line)
    ours = execute(OVERDRIVE, "run", *line)
    assert plain.code in (1, 2), plain
    assert (ours.out, ours.err, ours.code) == (plain.out, plain.err, plain.code)


def test_options_of_the_outer_interpreter_reach_the_program(tmp_path, execute):
    (tmp_path / "app.py").write_text("import sys; print(sys.flags.dev_mode, sys.flags.optimize)")
    result = execute(PYTHON, "-X", "dev", "-Om", "overdrive", "run", "app.py")
    assert result.out == "True 1\n", result


def test_an_interrupt_reaches_the_program(tmp_path):
    (tmp_path / "app.py").write_text(
        "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n    raise SystemExit(3)\n"
    )
    child = subprocess.Popen(
        [OVERDRIVE, "run", "app.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=clean_environment()
    )
    assert child.stdout.readline() == "ready\n"
    os.kill(child.pid, signal.SIGINT)
    assert child.communicate(timeout=30)[0] == "interrupted\n"
    assert child.returncode == 3


@pytest.mark.parametrize("option", ["-I", "-E", "-S", "-sE"])
def test_isolation_wins_and_is_said(tmp_path, execute, option):
    (tmp_path / "app.py").write_text("import sys; print('overdrive' in sys.modules)")
    result = execute(OVERDRIVE, "run", option, "app.py")
    assert (result.out, result.code) == ("False\n", 0)
    assert result.err.count("\n") == 1 and option[-1] in result.err


def test_help_of_run(execute):
    result = execute(OVERDRIVE, "run", "--help")
    assert result.code == 0 and "usage: overdrive run" in result.out


def test_the_way_to_the_program_is_short(execute):
    """Nothing but what the interpreter itself loads may be imported before exec."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "import overdrive._launch\n"
        "print(sorted(set(sys.modules) - before - {'overdrive', 'overdrive._launch'}))"
    )
    assert execute(PYTHON, "-c", code).out == "[]\n"

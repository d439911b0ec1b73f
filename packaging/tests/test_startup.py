"""OVERDRIVE=1, the start-up hook, and interpreters that cannot be served."""

import sys

import pytest
from launching import ROOT, clean_environment

SHOW = "import sys; m = sys.modules.get('overdrive'); print(m and m.stats()['enabled'])"


@pytest.mark.parametrize("value, shown", [("1", "True"), ("yes", "True"), ("0", "None"), ("", "None"), (None, "None")])
def test_the_environment_switches_it_on(execute, value, shown):
    extra = {} if value is None else {"OVERDRIVE": value}
    result = execute(sys.executable, "-c", SHOW, env=clean_environment(**extra))
    assert (result.out.strip(), result.err) == (shown, "")


@pytest.mark.parametrize("option", ["-I", "-E", "-S"])
def test_never_on_where_the_environment_is_ignored(execute, option):
    result = execute(sys.executable, option, "-c", SHOW, env=clean_environment(OVERDRIVE="1"))
    assert (result.out, result.err, result.code) == ("None\n", "", 0)


def test_the_hook_imports_nothing_when_off(execute):
    code = "import sys; print([m for m in sys.modules if m.startswith('overdrive')])"
    assert execute(sys.executable, "-c", code).out == "[]\n"


def test_on_imports_only_what_start_up_needs(execute):
    code = "import sys; print(sorted(m for m in sys.modules if m.startswith('overdrive')))"
    result = execute(sys.executable, "-c", code, env=clean_environment(OVERDRIVE="1"))
    assert result.out == "['overdrive', 'overdrive._core', 'overdrive._startup']\n"


def test_interface(execute):
    code = (
        "import overdrive\nprint(overdrive.stats()['enabled'], overdrive.enable(), overdrive.stats()['enabled'])\n"
        "overdrive.disable(); print(overdrive.stats()['enabled'])"
    )
    result = execute(sys.executable, "-c", code)
    assert (result.out, result.err) == ("False True True\nFalse\n", "")


def test_loading_the_module_again_changes_nothing(execute):
    code = (
        "import overdrive, importlib; overdrive.enable(); importlib.reload(overdrive)\n"
        "print(overdrive.stats()['enabled'], overdrive.enable()); overdrive.disable(); print(overdrive.stats()['enabled'])"
    )
    result = execute(sys.executable, "-c", code)
    assert (result.out, result.err) == ("True True\nFalse\n", "")


def test_ipython_extension(execute):
    code = (
        "import overdrive; overdrive.load_ipython_extension(None); print(overdrive.stats()['enabled'])\n"
        "overdrive.unload_ipython_extension(None); print(overdrive.stats()['enabled'])"
    )
    assert execute(sys.executable, "-c", code).out == "True\nFalse\n"


# Each line makes this interpreter look like one that cannot be served.
UNSERVED = {
    "another version": ("sys.version_info = (3, 12, 1, 'final', 0)", "3.12"),
    "free-threaded": ("sys.abiflags = 't'", "free-threaded"),
    "debug": ("sys.abiflags = 'd'", "debug"),
    "another implementation": ("sys.implementation.name = 'pypy'", "pypy"),
    "no compiler": ("sys.modules['overdrive._core'] = None", "cannot be loaded"),
}


@pytest.mark.parametrize("case", UNSERVED)
def test_an_interpreter_that_cannot_be_served_runs_the_program(execute, case):
    line, word = UNSERVED[case]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {line}\nimport overdrive\n"
    code += "print(overdrive.enable(), overdrive.enable(), overdrive.stats())"
    result = execute(sys.executable, "-c", code)
    assert (result.out, result.code) == ("False False {'enabled': False}\n", 0), result
    assert result.err.count("\n") == 1 and word in result.err and result.err.startswith("overdrive: ")


def test_a_refusal_by_the_compiler_is_one_line(execute):
    code = (
        "import overdrive, types\n"
        "def enable(): raise RuntimeError('frame layout differs')\n"
        "overdrive._core = types.SimpleNamespace(enable=enable, stats=lambda: {'enabled': False})\n"
        "print(overdrive.enable(), overdrive.enable())"
    )
    result = execute(sys.executable, "-c", code)
    assert result.out == "False False\n"
    assert result.err == "overdrive: frame layout differs; the program runs without Overdrive\n"


@pytest.mark.parametrize("name, value", [("OVERDRIVE_MODE", "fast"), ("OVERDRIVE_DUMP", "ir,nonsense"), ("OVERDRIVE_HEAT", "x")])
def test_a_wrong_setting_is_one_line(execute, name, value):
    result = execute(sys.executable, "-c", SHOW, env=clean_environment(OVERDRIVE="1", **{name: value}))
    assert result.out == "False\n"
    assert result.err == f"overdrive: {name} cannot be '{value}'; the program runs without Overdrive\n"


@pytest.mark.parametrize("kind", ["legacy", "isolated"])
def test_a_sub_interpreter_runs_at_stock_speed(execute, kind):
    code = (
        "import _interpreters\n"
        f"i = _interpreters.create({kind!r})\n"
        "failure = _interpreters.exec(i, 'print(sum(range(10)))')\n"
        "print(failure); _interpreters.destroy(i)\n"
        "import overdrive; print(overdrive.stats()['enabled'])"
    )
    result = execute(sys.executable, "-c", code, env=clean_environment(OVERDRIVE="1"))
    assert (result.out, result.code) == ("45\nNone\nTrue\n", 0), result
    assert result.err.count("\n") == 1 and "sub-interpreter" in result.err

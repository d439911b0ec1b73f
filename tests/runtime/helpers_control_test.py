"""`with`, exceptions and imports against the interpreter."""
import subprocess
import sys
import types

import pytest
from helpers_compare import NULL, Noisy, ext, log, no_leak, quiet, same


class Manager(Noisy):
    def __enter__(self):
        log.append("enter")
        if self.name == "fails":
            raise LookupError("enter")
        return Noisy("entered")

    def __exit__(self, *exc):
        log.append(f"exit {exc[0]}")
        return self.name


class Half(Noisy):
    def __enter__(self):
        pass


class Broken(Noisy):
    __enter__ = property(lambda self: 1 / 0)


def test_with():
    def real(L):
        with L.pop(0) as x:
            return x

    def convert(r):
        entered, (leave,) = r
        leave(None, None, None)
        return entered

    for make in (lambda: [Manager("m")], lambda: [Manager("fails")], lambda: [Half("h")], lambda: [Noisy("n")],
                 lambda: [Broken("b")], lambda: [5]):
        same(real, "before_with", make, (("out", 1),), convert=convert)
    try:
        1 / 0
    except ZeroDivisionError as e:
        seen = ext.run("with_except_start", [lambda *a: a, e])
        assert seen == (ZeroDivisionError, e, e.__traceback__)
        assert ext.run("with_except_start", [lambda *a: a[2], ValueError()]) is None


async def coroutine():
    pass


class Sent:
    """Not an iterator: asked by its method."""

    def __init__(self, *results):
        self.results = list(results)

    def send(self, value):
        assert value is None
        r = self.results.pop(0)
        if isinstance(r, BaseException):
            raise r
        return r


def test_delegation():
    def returning():
        yield "y"
        return "value"

    def failing():
        yield 1 / 0

    def sent(receiver):
        try:
            return ext.run("send_none", [receiver, ("out", 1)])
        except Exception as error:
            return type(error), str(error)

    g = returning()
    assert sent(g)[0] == "y" and sent(g) == (NULL, ["value"]) and sent(g) == (NULL, [None])
    assert sent(iter([]))[1] == [None] and sent(failing()) == (ZeroDivisionError, "division by zero")
    s = Sent("a", StopIteration(5), KeyError("k"))
    assert sent(s)[0] == "a" and sent(s) == (NULL, [5]) and sent(s) == (KeyError, "'k'") and sent(5)[0] is AttributeError
    c = coroutine()
    g = returning()
    assert ext.run("get_yield_from_iter", [g, 3]) is g and list(ext.run("get_yield_from_iter", [[1], 3])) == [1]
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        ext.run("get_yield_from_iter", [5, 3])
    assert ext.run("get_yield_from_iter", [c, 0x80]) is c
    with pytest.raises(TypeError, match="cannot 'yield from' a coroutine object in a non-coroutine generator"):
        ext.run("get_yield_from_iter", [c, 3])
    c.close()

    def round_():
        quiet(lambda: sent(returning()))
        quiet(lambda: sent(Sent(StopIteration(object()))))
        quiet(lambda: ext.run("get_yield_from_iter", [[1], 3]))
        quiet(lambda: ext.run("get_yield_from_iter", [5, 3]))

    no_leak(round_, rounds=20)


def test_exception_state():
    e, f = ValueError("e"), KeyError("f")
    assert ext.run("push_exc_info", [e]) is None and sys.exception() is e
    assert ext.run("push_exc_info", [f]) is e and sys.exception() is f
    ext.run("pop_except", [e])
    assert sys.exception() is e
    ext.run("pop_except", [None])
    assert sys.exception() is None


class Uncreatable(Exception):
    def __init__(self):
        raise OverflowError("init")


class Strange(Exception):
    def __new__(cls):
        return Noisy("strange")


class Own(Exception):
    pass


def test_raise():
    def one(L):
        raise L.pop(0)

    def two(L):
        raise L.pop(0) from L.pop(0)

    things = [lambda: ValueError, lambda: ValueError("x"), lambda: Uncreatable, lambda: Strange, lambda: 5,
              lambda: Noisy("n"), lambda: int, lambda: None, lambda: Own("own")]
    for t in things:
        same(one, "raise_varargs", lambda: [t()], (NULL,))
        for c in things:
            # 3.13.0 leaks what a strange class returned as the cause.
            same(two, "raise_varargs", lambda: [t(), c()], logs=c() is not Strange)
    with pytest.raises(RuntimeError, match="^No active exception to reraise$"):
        ext.run("raise_varargs", [NULL, NULL])
    try:
        raise KeyError("k")
    except KeyError as k:
        with pytest.raises(KeyError) as info:
            ext.run("raise_varargs", [NULL, NULL])
        assert info.value is k
        with pytest.raises(ValueError) as info:
            ext.run("raise_varargs", [ValueError, NULL])
        assert info.value.__context__ is k

    def in_generator():
        with pytest.raises(KeyError):
            ext.run("raise_varargs", [NULL, NULL])
        yield

    try:
        raise KeyError
    except KeyError:
        next(in_generator())


def test_match():
    def real(L):
        try:
            raise ValueError("v")
        except L.pop(0):
            return True
        except ValueError:
            return False

    value = ValueError("v")
    for t in (ValueError, (KeyError, Exception), KeyError, ()):
        same(lambda L, t=t: real([t]), "check_exc_match", lambda: [value, t], convert=bool)
    for bad in (5, int, (5, ValueError), Noisy("type")):
        with pytest.raises(TypeError, match="catching classes that do not inherit from BaseException is not allowed"):
            ext.run("check_exc_match", [value, bad])
    eg = ExceptionGroup("g", [ValueError(1), KeyError(2)])
    match, (rest,) = ext.run("check_eg_match", [eg, ValueError, ("out", 1)])
    assert repr(match.exceptions) == "(ValueError(1),)" and repr(rest.exceptions) == "(KeyError(2),)"
    assert sys.exception() is match
    ext.run("pop_except", [None])
    match, (rest,) = ext.run("check_eg_match", [eg, OSError, ("out", 1)])
    assert match is None and repr(rest) == repr(eg)
    match, (rest,) = ext.run("check_eg_match", [ValueError(3), ValueError, ("out", 1)])
    assert isinstance(match, ExceptionGroup) and rest is None
    ext.run("pop_except", [None])
    for bad in (ExceptionGroup, 5, int):
        with pytest.raises(TypeError, match="^catching "):
            ext.run("check_eg_match", [eg, bad, ("out", 1)])


def message(f):
    try:
        return f()
    except BaseException as e:
        return type(e), str(e), getattr(e, "name", 0), getattr(e, "path", 0), getattr(e, "name_from", 0)


def test_import_name():
    import os.path
    assert ext.run("import_name", [0, None, "os.path"]) is os
    assert ext.run("import_name", [0, ("join",), "os.path"]) is os.path
    for level, names, name in ((0, None, "no_such_module"), (1, ("x",), ""), (3, None, "x")):
        env = {"__name__": "here", "run": ext.run}
        dots, what = "." * level, name
        source = f"from {dots}{what} import x" if level else f"import {name}"
        a = message(lambda: exec(source, dict(env)))
        b = message(lambda: exec(f"run('import_name', [{level}, {names!r}, {name!r}])", dict(env)))
        assert a == b
    calls = []

    def fake(*args):
        calls.append((args[0], *args[3:]))
        return "imported"

    scope = {"__builtins__": {"__import__": fake}, "run": ext.run}
    exec("r = run('import_name', [2, ('a',), 'pkg.mod'])", scope)
    assert scope["r"] == "imported" and calls == [("pkg.mod", ("a",), 2)]
    with pytest.raises(ImportError, match="^__import__ not found$"):
        exec("run('import_name', [0, None, 'os'])", {"__builtins__": {}, "run": ext.run})


class Origin:
    def __init__(self, **kw):
        self.__dict__.update(kw)


def modules():
    m = types.ModuleType("mod")
    yield m
    yield types.SimpleNamespace(__name__="ns")
    yield types.SimpleNamespace(__name__=5)
    yield 5
    for spec in (Origin(has_location=True, origin="/a/b.py"), Origin(has_location=True, origin=7), Origin(has_location=False),
                 Origin(), Origin(has_location=True, origin="/a/b.py", _initializing=True), Origin(_initializing=True),
                 Origin(has_location=True)):
        for name in ("mod", "random"):
            m = types.ModuleType(name)
            m.__spec__ = spec
            yield m
            m = types.ModuleType(name)
            m.__spec__, m.__file__ = spec, "/x/y.py"
            yield m
    m = types.ModuleType("raising")
    m.__getattr__ = lambda n: 1 / 0 if n == "__spec__" or n == "thing" else None
    yield m
    sys.modules["parent.thing"] = "submodule"
    yield types.SimpleNamespace(__name__="parent")


def test_import_from():
    code = compile("from fake import thing", "x", "exec")
    for m in modules():
        scope = {"__builtins__": {"__import__": lambda *a: m}}

        def real():
            exec(code, scope)
            return scope["thing"]

        assert message(real) == message(lambda: ext.run("import_from", [m, "thing"]))
    assert ext.run("import_from", [sys, "path"]) is sys.path


SHADOW = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("helpers_ext", {ext!r})
ext = importlib.util.module_from_spec(spec)
name = __file__.rpartition("/")[2][:-3]
def show(f):
    try: f()
    except ImportError as e: print(str(e), e.name, e.path, e.name_from)
class Here: pass
m = type(sys)(name)
for initializing in (False, True):
    m.__spec__ = Here()
    m.__spec__.__dict__.update(has_location=True, origin=__file__, _initializing=initializing)
    show(lambda: exec("from m import thing", {{"__builtins__": {{"__import__": lambda *a: m}}}}))
    show(lambda: ext.run("import_from", [m, "thing"]))
"""


def test_import_shadowing(tmp_path):
    """A script with the name of a library: the message depends on where the script lies."""
    for name in ("random", "mylib"):
        script = tmp_path / f"{name}.py"
        script.write_text(SHADOW.format(ext=ext.__file__))
        for cwd, command in ((None, [str(script)]), (None, ["-P", str(script)]),
                             (tmp_path, ["-c", f"import runpy; runpy.run_path({str(script)!r})"])):
            lines = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=cwd, check=True).stdout
            lines = lines.splitlines()
            assert lines[0::2] == lines[1::2] and len(lines) == 4


def test_leaks():
    sys.modules["parent.thing"] = "submodule"
    things = [ValueError, ValueError("x"), Uncreatable, Strange, 5, None]

    def round_():
        for t in things:
            quiet(lambda: ext.run("raise_varargs", [t, NULL]))
            for c in things:
                quiet(lambda: ext.run("raise_varargs", [t() if t is ValueError else t, c]))
        for m in modules():
            quiet(lambda: ext.run("import_from", [m, "thing"]))
        for name in ("os.path", "no_such"):
            quiet(lambda: ext.run("import_name", [0, None, name]))
            quiet(lambda: ext.run("import_name", [0, ("x",), name]))
        for make in (Manager, Half, Noisy, Broken):
            for n in ("m", "fails"):
                quiet(lambda: ext.run("before_with", [make(n), ("out", 1)]))
        quiet(lambda: ext.run("check_exc_match", [things[1], Noisy("x")]))
        quiet(lambda: ext.run("check_eg_match", [ExceptionGroup("g", [ValueError()]), KeyError, ("out", 1)]))

    no_leak(round_, rounds=20)

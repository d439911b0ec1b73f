# Function objects made at run time: attributes, annotations, qualified names, code.replace, types.FunctionType.
import types
from probe import show, steady


def outer(n):
    def inner(a: int, b: "str" = "x", *c: float, d: list[int] = None, **e) -> bool:
        "doc"
        return n, a, b

    return inner


def make():
    f = outer(5)
    return (
        f.__name__,
        f.__qualname__,
        f.__doc__,
        f.__defaults__,
        f.__kwdefaults__,
        f.__annotations__,
        f.__closure__[0].cell_contents,
        f.__code__.co_varnames,
        f.__code__.co_freevars,
        f.__code__.co_argcount,
        f.__code__.co_kwonlyargcount,
        f.__module__,
    )


def attributes():
    f = outer(1)
    f.note = "n"
    f.__name__ = "renamed"
    f.__defaults__ = ("dd",)
    return f.note, f.__name__, f(1), f.__dict__


def base(x):
    return x + 1


def rebuilt():
    code = base.__code__.replace(co_consts=tuple(10 if c == 1 else c for c in base.__code__.co_consts))
    g = types.FunctionType(code, {"__builtins__": {}}, "g")
    h = types.FunctionType(base.__code__, globals(), "h", None, None)
    return g(5), h(5), g.__name__


def closures():
    def get():
        return x

    x = 1
    cell = types.CellType(99)
    other = types.FunctionType(get.__code__, globals(), "other", (), (cell,))
    cell.cell_contents = 7
    first = other()
    get.__closure__[0].cell_contents = 3
    return first, get(), x, other()


for f in (make, attributes, rebuilt, closures):
    steady(f)

# Classes that CPython does not specialise: slots, defaults, keywords, *args and **kwargs, ABCs; who holds the arguments
# meanwhile, what goes first when __init__ fails.
import abc
import sys
from probe import deaths, mark, outcome, show, steady


class Mortal:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        mark(f"{self.name} dies")


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a, b=None):
        self.a = sys.getrefcount(a)
        self.b = sys.getrefcount(b) if b is not None else 0


class Keywords:
    def __init__(self, a, *, key, other=7):
        self.counts = sys.getrefcount(a), sys.getrefcount(key), other


class Everything:
    def __init__(self, *args, **named):
        self.counts = [sys.getrefcount(x) for x in args], {k: sys.getrefcount(v) for k, v in named.items()}


class Abstract(abc.ABC):
    @abc.abstractmethod
    def f(self): ...


class Concrete(Abstract):
    def __init__(self, x=1):
        self.x = x

    def f(self):
        return self.x


class Fails:
    __slots__ = ("x", "name")

    def __init__(self, x, how="raise"):
        self.x, self.name = x, "instance"
        del x
        mark("in init")
        if how == "raise":
            raise ValueError(how)
        if how == "return":
            return how

    def __del__(self):
        mark("instance dies")


class Inherits(Slots):
    __slots__ = ()


class Drops:
    __slots__ = ()

    def __init__(self, x):
        mark("before")
        del x
        mark("after")


class Tuples(tuple):
    def __init__(self, *args):
        mark(f"tuple {args}")


def counts():
    o, p = object(), [1]
    return (
        (Slots(o).a, Slots(object()).a, Slots(o, p).b, Slots([], {}).b, Slots(b=o, a=p).a),
        (Inherits(o).a, Inherits(p, o).b),
        (Keywords(o, key=p).counts, Keywords(object(), key=[], other=o is p).counts),
        (Everything().counts, Everything(o, p, x=o).counts, Everything([], z={}).counts),
        sys.getrefcount(o), sys.getrefcount(p),
    )


def dying():
    Drops(Mortal("temporary"))
    m = Mortal("held")
    Drops(m)
    del m
    mark("end")
    return Concrete().f() + Concrete(x=3).f() + Concrete(2).f(), deaths()


def failing(how):
    try:
        name = Fails(Mortal("argument"), how).name
    except (ValueError, TypeError) as error:
        name = error.args
        mark("caught")
        del error
    return name, deaths()


def wrong(k):
    if k == 0:
        return Slots()
    if k == 1:
        return Slots(1, 2, 3)
    if k == 2:
        return Slots(1, c=2)
    if k == 3:
        return Keywords(1)
    if k == 4:
        return Keywords(1, 2)
    if k == 5:
        return Abstract()
    if k == 6:
        return Concrete(1, x=2)
    return Tuples((1, 2))


def deep(n):
    class Node:
        __slots__ = ("below",)

        def __init__(self, n):
            self.below = Node(n - 1) if n else None

    node, depth = Node(n), 0
    while node:
        node, depth = node.below, depth + 1
    return depth


steady(counts)
steady(dying)
for how in ("raise", "return", "well"):
    steady(failing, how)
for k in range(8):
    steady(lambda: outcome(wrong, k))
steady(lambda: deep(50))


class Changing:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x


def changing():
    return Changing(1).x


show(*[changing() for _ in range(60)][-1:])
Changing.__init__ = lambda self, x: setattr(self, "x", x + 1)
show(*[changing() for _ in range(60)][-1:])
Changing.__new__ = lambda cls, x: object.__new__(cls)
show(*[changing() for _ in range(60)][-1:])
del Changing.__init__
show(outcome(changing))

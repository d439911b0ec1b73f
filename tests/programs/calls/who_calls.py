"""Arguments move out of the interpreter's stack only if it calls; what C code hands on, C code keeps."""

import contextvars
import functools
import itertools
import operator


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("dies", self.name)


class Base:
    def __init__(self, d=None, other=None, a=None):
        self.d = d
        self.other = other


class Sub(Base):
    def __init__(self, **kw):
        Base.__init__(self, {"x": 1}, Base(**kw))  # the first dict waits for another call of the same function


class Stale(Base):
    """What the interpreter has popped is still to be seen above its stack's top."""

    def __init__(self, y, **kw):
        try:
            [y, y, y, y, y, y, Base.__init__(self, {"x": 1}, fails())]
        except KeyError:
            pass
        self.d = {"x": 1}
        Base(**kw)


class Unmapped(Base):
    def __init__(self, y, **kw):
        try:
            [y, y, y, y, y, y, Base.__init__(self, bytes(1 << 24), fails())]
        except KeyError:
            pass
        Base(**kw)


def fails():
    raise KeyError


def drop(x, y=None, quiet=False):
    del x, y
    if not quiet:
        print("dropped")
    return 1


def keywords(a=0, b=0, c=0):
    return a, b, c


def everything(*args, **kw):
    return args, kw


def hot(n):
    for i in range(n):
        Base(i)
        drop(i, quiet=True)
        keywords(i, c=1)
        everything(i, b=1)


def pairs():
    for i in range(2):
        yield [Dies(f"a{i}"), 5]


def temporary(*names):
    return tuple(Dies(name) for name in names)


def handed_on():
    operator.call(drop, Dies("x"))
    print("after call")
    drop(list(*[itertools.starmap(drop, pairs())]))
    print("after starmap")
    list(map(*[drop, [Dies("m")]]))
    functools.partial(drop)(Dies("p"))
    functools.partial(drop, Dies("q"))(Dies("r"))
    contextvars.copy_context().run(drop, Dies("c"))
    operator.methodcaller("__call__", Dies("s"))(drop)
    drop.__call__(Dies("t"))
    sorted([Dies("u")], key=drop)
    print("after all")


def spread():
    drop(*temporary("t1", "t2"))
    print("after tuple")
    drop(*list(temporary("l1", "l2")))
    print("after list")
    drop(*(Dies(n) for n in "gh"))
    print("after generator")
    drop(*temporary("t3"), **{"y": Dies("k1")})
    print("after tuple and dict")
    drop(*[Dies("l3")], **{"y": Dies("k2")})
    print("after list and dict")
    drop(*(Dies(n) for n in "i"), **{"y": Dies("k3")})
    print("after generator and dict")
    drop(Dies("one"), *temporary("t4"), **{})
    print("after a mixture")


def nested(f):
    p, p1, context = functools.partial(f), functools.partial(f, 1), contextvars.copy_context()
    kw, none = {"b": 3}, ()
    return [
        f(1, {"b": 2}, p(**kw)),
        f(1, {"b": 2}, p1(**kw)),
        f(1, {"b": 2}, context.run(*(f,), **kw)),
        f({"b": 2}, {"b": 1}, functools.reduce(*[f, [1, 2, 3]])),
        f(1, [1, 2], list(map(*[f, [1, 2]]))),
        f((1, 2), (3, 4), list(itertools.starmap(*[f, iter([[1, 2]])]))),
        f(1, {"b": 2}, operator.methodcaller("__call__", 1, b=2)(*(f,))),
        f(1, {"b": 2}, f.__call__(*none, **kw)),
        f(1, {"b": 2}, type(f).__call__(f, *none, **kw)),
        f(1, {"b": 2}, operator.call(f, b=3)),
        f(1, {"b": 2}, operator.call(f, 1, **kw)),
        f(1, {"b": 2}, operator.call(*(f, 1), **{"a": 2} if f is everything else {"b": 2})),
        f(1, {"b": 2}, sorted(*[[1, 2]], key=f)),
        kw,
    ]


def rest(x=None, *rest, a=0):
    return a


def starred(x, y=None, *rest):
    del x, y
    print("dropped")
    return 1


def while_asked():
    """The iterable of a call calls the same function, before the call does."""
    with_keyword = functools.partial(rest, a=1)
    print(rest(*map(with_keyword, (1, 2)), **{"a": 7}))
    print(rest(*[with_keyword(1)], **{"a": 7}), rest(*(with_keyword(1),), **{"a": 7}))
    starred(*itertools.starmap(starred, pairs()))
    starred(*map(starred, [Dies("n1")], [Dies("n2")]))
    held = map(with_keyword, (1, 2))
    print(rest(*held, **{"a": 7}))


hot(20_000)
for i in range(20_000):
    rest(i, a=2)
for _ in range(3):
    print(Sub(a=7).d, Stale(0, a=7).d, type(Unmapped(0, a=7)))
    handed_on()
    spread()
    while_asked()
    print(nested(keywords))
    print(nested(everything))

# Functions called the same way for long, then once in another way, then as before.
from probe import show


def add(a, b):
    return a + b


def item(c, k):
    return c[k]


def attribute(o):
    return o.v


def call(f, x):
    return f(x)


def loop(xs):
    t = 0
    for x in xs:
        t += x
    return t


def compare(a, b):
    return "lt" if a < b else "ge"


def unpack(t):
    a, b = t
    return b, a


def contains(x, c):
    return x in c


class A:
    v = 1


class B:
    def __init__(self):
        self.v = 2


class C:
    __slots__ = ("v",)

    def __init__(self):
        self.v = 3


TABLE = [
    (add, (1, 2), [(1.5, 2), ("a", "b"), ([1], [2]), (2**62, 2**62), (1, "x"), (True, 1), (1, None)]),
    (
        item,
        ([1, 2, 3], 1),
        [((1, 2), 1), ({1: "d"}, 1), ("str", 1), ([1], 5), ([1, 2], -1), ([1, 2], True), ([1], "k"), (5, 1)],
    ),
    (attribute, (B(),), [(A(),), (C(),), (A,), (5,), (None,)]),
    (
        call,
        (len, "abc"),
        [(str, 5), (lambda x: x * 2, 4), (A, 1), (len, 5), (None, 1), ([].append, 1), (A().__eq__, 1)],
    ),
    (
        loop,
        ([1, 2, 3],),
        [((1, 2),), (range(4),), ([1.5, 2],), ([2**62] * 4,), ({1: 2},), ("ab",), (iter([1]),), ([],)],
    ),
    (compare, (1, 2), [(1.5, 2), ("a", "b"), (2**70, 1), (1, "a"), ([1], [2]), (float("nan"), 1)]),
    (unpack, ((1, 2),), [([1, 2],), ("ab",), ((1,),), ({1: 1, 2: 2},), (iter("xy"),), (5,)]),
    (contains, (1, [1, 2]), [(1, (1,)), ("a", "abc"), (1, {1}), (1, {2: 3}), (1, 5), ([], {1}), (1, "a")]),
]
for turns in (5, 40):
    for f, usual, others in TABLE:
        for other in others:
            out = []
            for k in range(turns):
                out.append(f(*usual))
            try:
                r = f(*other)
                out.append(type(r).__name__ if r is None or isinstance(r, (A, type(NotImplemented))) else r)
            except Exception as e:
                out.append(f"{type(e).__name__}: {e}")
            for k in range(3):
                out.append(f(*usual))
            show(f.__name__ + ":", len(set(map(str, out))), out[-4], out[-1])

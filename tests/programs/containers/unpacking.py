# Unpacking: exact, starred, nested, of every kind of iterable, with the exact errors.
from probe import steady, outcome, mark, deaths


def two(x):
    a, b = x
    return a, b


def three(x):
    a, b, c = x
    return c, b, a


def star(x):
    a, *b = x
    return a, b


def star_mid(x):
    a, *b, c = x
    return a, b, c


def star_first(x):
    *a, b, c = x
    return a, b, c


def nested(x):
    (a, (b, *c)), d = x
    return a, b, c, d


def one(x):
    (a,) = x
    [b] = x
    return a, b


def none(x):
    () = x
    [] = x
    return "empty"


def targets(x):
    class O:
        pass

    o, l, d = O(), [0, 0], {}
    o.a, l[1], d["k"], *o.rest = x
    return o.a, l, d, o.rest


class It:
    def __init__(self, n, fail=None):
        self.n, self.fail = n, fail

    def __iter__(self):
        for i in range(self.n):
            mark(str(i))
            if i == self.fail:
                raise ValueError("in iterator")
            yield i


class Seq:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


for f in (two, three, star, star_mid, star_first, one, none, targets):
    for x in (
        (),
        (1,),
        (1, 2),
        (1, 2, 3),
        [1, 2],
        [1, 2, 3, 4],
        "ab",
        "abc",
        {"k": 1, "l": 2},
        {1},
        range(2),
        range(5),
        5,
        None,
        Seq(),
    ):
        print(f.__name__, outcome(f, x))
    for make in (lambda: It(2), lambda: It(3), lambda: It(5), lambda: It(3, 1), lambda: iter([1, 2, 3])):
        print(f.__name__, outcome(f, make()), deaths())
for f in (two, star, nested):
    steady(f, ((1, [2, 3, 4]), 5))
    steady(f, "ab")
    steady(f, [[1, 2], 3])


def in_loop(rows):
    out = []
    for a, *b in rows:
        out.append((a, b))
    for (a, b), c in zip(rows, rows):
        out.append((b, a, c))
    return out


steady(in_loop, [(1, 2), [3, 4], "xy"])
steady(in_loop, [(1, 2), (1, 2, 3)])

# Comparisons with a tuple that is written there: (a, b) < (c, d). The second one need not be made, but everything else happens
# as if it were.
from probe import Loud, deaths, mark, outcome, print_traceback, show, steady


class Key:
    def __init__(self, n, name="k"):
        self.n, self.name = n, name

    def __eq__(self, other):
        mark(f"{self.name}=={getattr(other, 'name', other)}")
        if self.n == "raise":
            raise ValueError("eq")
        return self.n == getattr(other, "n", other)

    def __lt__(self, other):
        mark(f"{self.name}<{getattr(other, 'name', other)}")
        if self.n == "refuse":
            return NotImplemented
        return "yes" if self.n < other.n else ""

    def __del__(self):
        mark(f"-{self.name}")


class Odd(tuple):
    def __lt__(self, other):
        return "odd", type(other), len(other)

    def __eq__(self, other):
        return len(other)


class NoTruth:
    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError("no truth")


def less(a, b, c, d):
    return (a, b) < (c, d)


def all_kinds(a, b, c, d):
    return (
        (a, b) < (c, d), (a, b) <= (c, d), (a, b) == (c, d), (a, b) != (c, d), (a, b) > (c, d), (a, b) >= (c, d),
        (a,) == (c, d), (a, b) < (c,), (a, b, a) >= (c, d), (a, b) == (a, b), (a, (b, c)) < (a, (b, d)),
    )


def tested(a, b, c, d):
    n = 0
    if (a, b) < (c, d):
        n += 1
    if (a, b) == (c, d):
        n += 10
    while n < 40 and (a, n) < (c, 14):
        n += 1
    return n if not (a, b) != (c, d) else -n


def kept(pair, a, b):
    return pair == (a, b), pair < (a, b), (a, b) == pair, pair != (a, b, a)


def numbers(n):
    least = (10**30, 0.0)
    for i in range(n):
        x, y = (i * 7919) % 31, i * 0.5
        if (x, y) < least:
            least = (x, y)
        if (x, y) >= (30, 1.0) and (i, x) != (x, i):
            least = (least[0] - 1, y)
    return least


def dying(n, m):
    r = (Key(n, "a"), Key(1, "b")) < (Key(m, "c"), Key(2, "d"))
    mark("end")
    return r, deaths()


def fails(n):
    try:
        return (1, Key(n, "a"), Key(1, "b")) < (1, Key(1, "c"), Loud("d") if n == 1 else Key(2, "d"))
    except (ValueError, TypeError) as error:
        return type(error), str(error), error.__traceback__.tb_lineno, deaths()


nan = float("nan")
STEPS = [
    (1, 2, 1, 3), (1, 2, 1, 2), (1.5, 2, 1.5, 1), (nan, 1, nan, 1), (nan, 1, float("nan"), 1), (True, 0, 1, 0), (2**70, 1, 2**70, 2),
    ("a", "b", "a", "c"), ((), (1,), (), (2,)), (1, 2.0, 1.0, 2), (-1, 0, 1, 0), (b"x", 1, b"x", 0),
]
for values in STEPS:
    steady(all_kinds, *values)
    steady(tested, *values) if values[0].__class__ is int else None
for values in ((1, "a", 1, 2), (None, 1, None, 2), (1, None, 1, None), (1, None, 1, ...), ([1], {}, [1], {1}), (1j, 1, 2j, 1)):
    steady(less, *values)
    steady(kept, (values[0], values[1]), values[2], values[3])
steady(kept, Odd((1, 2)), 1, 2)
steady(kept, [1, 2], 1, 2)
steady(numbers, 200)
for pair in ((1, 2), (1, 1), (2, 1), ("refuse", 3), ("raise", 1)):
    steady(lambda: outcome(dying, *pair))
    deaths()
for n in (1, 2, "raise", "refuse"):
    steady(fails, n)
steady(lambda: outcome(less, NoTruth(), 1, NoTruth(), 1))


def where(a):
    for i in range(30):
        try:
            (a, i) < (a, None)
        except TypeError:
            if i in (0, 29):
                print_traceback(__import__("sys").exception())


where(1)

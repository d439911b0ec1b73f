# Stars in list, tuple, set and dict displays, returns, yields, subscripts and for targets.
from probe import steady, outcome


def displays(a, b):
    return [*a, 0, *b], (*a, *b), {*a, *b, "x"}, {**dict.fromkeys(a), **dict.fromkeys(b, 1)}, [*a], (*b,), [*"", *()]


def returned(a):
    return 1, *a, 2


def yielded(a):
    yield 0, *a
    yield [*a, *a]


def loops(a):
    out = []
    for x in *a, "end", *a:
        out.append(x)
    return out


class K:
    def __getitem__(self, k):
        return k


def subscripts(a):
    return K()[*a], K()[1, *a], K()[*a, 2:3]


steady(displays, [1, 2], "ab")
steady(displays, (), range(3))
steady(returned, [5])
steady(lambda: list(yielded("xy")))
steady(loops, (1, 2))
steady(subscripts, [1, 2])
print(
    outcome(displays, 5, []),
    outcome(displays, [], [[]]),
    outcome(returned, None),
    outcome(lambda: {**{"a": 1}, **[("b", 2)]}),
)

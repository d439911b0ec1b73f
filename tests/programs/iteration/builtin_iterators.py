# enumerate, zip, map, filter, reversed, iter with sentinel, itertools: in loops, nested, exhausted, strict.
import itertools
from probe import steady, outcome


def enumerated(x, start=0):
    out = []
    for i, v in enumerate(x, start):
        out.append((i, v))
    return out


def zipped(*xs, **kw):
    out = []
    for t in zip(*xs, **kw):
        out.append(t)
    return out


def mapped(f, *xs):
    return [v for v in map(f, *xs)], [v for v in filter(None, xs[0])]


def kept_tuples(xs):
    return [t for t in zip(xs, xs)], [t for t in enumerate(xs)]


def tools(n):
    return (
        list(itertools.chain(range(n), "ab")),
        list(itertools.islice(itertools.count(5, 2), n)),
        list(itertools.accumulate(range(n))),
        [(k, list(g)) for k, g in itertools.groupby([1, 1, 2, 3, 3])],
        list(itertools.product("ab", range(2))),
        list(itertools.combinations(range(4), 2)),
        list(itertools.permutations("abc", 2)),
        list(itertools.takewhile(lambda x: x < 3, range(9))),
        list(itertools.zip_longest("ab", "c", fillvalue=0)),
        list(itertools.starmap(pow, [(2, 3), (3, 2)])),
        list(itertools.pairwise("abc")),
        list(itertools.batched(range(5), 2)),
    )


def sentinel(n):
    values = iter(range(n))
    return [v for v in iter(lambda: next(values), 4)]


def shared_iterator(n):
    it = iter(range(n))
    return [(a, b) for a, b in zip(it, it)], [v for v in it]


def reverse(x):
    return [v for v in reversed(x)]


class Old:
    def __getitem__(self, i):
        if i == 3:
            raise IndexError
        return i


class Rev:
    def __reversed__(self):
        return iter("rev")


for x in ([1, 2], (3,), "ab", range(3), {"k": 1}, Old(), iter([5, 6]), (i for i in range(2))):
    print(enumerated(x, 5))
steady(enumerated, "abc")
steady(enumerated, [1.5, 2], 2**63 - 1)
steady(zipped, [1, 2, 3], "ab")
steady(zipped, [1, 2], "ab", (5, 6), strict=True)
steady(zipped, [1, 2], "abc", strict=True)
steady(zipped)
steady(mapped, lambda x: x * 2, [1, 0, 2.5])
steady(mapped, max, [1, 5], [3, 4])
steady(kept_tuples, [1, 2, 3])
steady(tools, 5)
steady(sentinel, 10)
steady(shared_iterator, 7)
for x in ([1, 2], (1, 2), "ab", range(3), {"a": 1}, Rev(), Old(), 5):
    print(outcome(reverse, x))

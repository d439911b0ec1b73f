# One for loop over lists, tuples, ranges, strings, dicts, sets, generators, iterators of one's own and failures.
from probe import steady, outcome


class Up:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        self.i = 0
        return self

    def __next__(self):
        self.i += 1
        if self.i > self.n:
            raise StopIteration
        return self.i


class Late:
    def __iter__(self):
        yield 1
        raise ValueError("late")


def loop(x):
    out = []
    for v in x:
        out.append(v)
        if len(out) > 6:
            break
    return out


def summing(x):
    t = 0
    for v in x:
        t = t + v
    return t


def gen():
    yield 1
    yield 2.5


def makers():
    return [
        [1, 2],
        (1, 2),
        range(3),
        "abc",
        {"a": 1},
        {1},
        gen(),
        iter([1]),
        Up(3),
        Late(),
        map(abs, [-1]),
        b"ab",
        enumerate("a"),
        5,
        None,
        iter(int, 1),
        {"a": 1}.items(),
        zip([1], [2]),
        reversed([1, 2]),
        [1, 2.5, 2**70, True],
        (1, "a"),
    ]


def all_loops():
    return [outcome(loop, x) for x in makers()]


def all_sums():
    return [outcome(summing, x) for x in makers() if not isinstance(x, type(iter(int, 1)))]


steady(all_loops)
steady(all_sums)

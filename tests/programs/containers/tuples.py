# Tuples: building, unpacking, comparison, hashing, identity of constants, in loops.
from probe import steady, outcome, show


def build(a, b):
    return (a,), (a, b), (a, b, a), (), ((a,), b), (*(a, b), a)


def swap_many(n):
    a, b, c, d = 1, 2, 3, 4
    for i in range(n):
        a, b, c = c, a, b
        b, d = d, b
        a, b, c, d = d, c, b, a
    return a, b, c, d


def as_keys(n):
    d = {}
    for i in range(n):
        d[i % 3, i % 2] = d.get((i % 3, i % 2), 0) + 1
    return d


def records(n):
    rows = [(i, i * 0.5, str(i)) for i in range(n)]
    total = 0
    for number, half, text in rows:
        total += number + half + len(text)
    for i, (number, _, text) in enumerate(rows):
        total += i * number
    return total


def constants():
    a = (1, 2, "x")
    b = (1, 2, "x")
    return a is b, a == b, hash(a) == hash(b)


def minmax(values):
    return min(values), max(values), sorted(values), sum(values, ())


steady(build, 1, "b")
steady(swap_many, 10)
steady(as_keys, 12)
steady(records, 30)
steady(constants)
steady(minmax, [(2, 1), (1, 9), (1,), ()])
print(
    outcome(lambda: (1,) + [2]),
    outcome(lambda: (1, 2).index(3)),
    outcome(hash, ([],)),
    outcome(lambda: (1, "a") < (1, 2)),
    outcome(lambda: ()[0]),
)

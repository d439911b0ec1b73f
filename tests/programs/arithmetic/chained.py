# Chained comparisons evaluate each operand once and stop early.
from probe import show, steady, mark, deaths


def f(x):
    mark(str(x))
    return x


def chain(a, b, c, d):
    return f(a) < f(b) <= f(c) != f(d)


def inline(a, b, c):
    hits = 0
    for x in range(20):
        if a < x < b:
            hits += 1
        if a <= x <= b < c:
            hits += 100
        if not a < x < b:
            hits += 10000
    return hits


for args in ((1, 2, 3, 4), (2, 1, 3, 4), (1, 2, 2, 2), (1, 5, 3, 0), (1.0, 2, 2.0, 1)):
    steady(chain, *args)
    print(deaths())
steady(inline, 3, 15, 20)
steady(inline, 3.5, 15, 2**70)
steady(inline, -1, 2**63, 2**64)

# Booleans in arithmetic give ints; comparisons give the very objects True and False.
from probe import show, steady


def mix(a, b):
    return a + b, a - b, a * b, +a, -a, a < b, a == b


def count_true(values):
    n = 0
    for v in values:
        n += v > 3
        n -= v == 5
    return n


def identity(values):
    return [(v > 3) is True or (v > 3) is False for v in values]


for a in (True, False, 0, 1, 1.0):
    for b in (True, False, 2, 0.5):
        show(mix(a, b))
steady(count_true, [1, 2, 3, 4, 5, 6.0, True, 10**30])
steady(identity, [1, 4, 3.5, 2**70, True])
show(sum([True, True, False]), max(True, 1), max(1, True), [10, 20][True])

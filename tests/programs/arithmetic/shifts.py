# Shifts by nothing, by words, by more than a word, by negative and by absurd counts.
from probe import steady, show, outcome


def left(a, n):
    return a << n


def right(a, n):
    return a >> n


def pour(x, n):
    for _ in range(n):
        x <<= 1
    high = x
    for _ in range(n * 2):
        x >>= 1
    return high, x


for a in (0, 1, -1, 5, -5, 2**29, 2**30, 2**31, 2**62, 2**63 - 1, -(2**63), 2**70, -(2**70), True):
    for n in (0, 1, 2, 29, 30, 31, 32, 59, 60, 61, 62, 63, 64, 65, 127, 128, False):
        show(left(a, n), right(a, n))
    show(outcome(left, a, -1), outcome(right, a, -1), outcome(right, a, 2**70), outcome(right, a, -(2**70)))
show(outcome(left, 0, 2**70), outcome(left, 1, 2**200), outcome(left, 1.0, 1), outcome(right, 1, "1"))
for x in (1, -1, 3, -3, 2**31, 2**62):
    steady(pour, x, 70)

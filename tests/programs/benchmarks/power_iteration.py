# The largest eigenvalue of a matrix given by a function of two ints.
from probe import steady


def entry(i, j):
    return 1.0 / (1 + i * j + (i - j) * (i - j))


def apply(v, f):
    out = []
    for i in range(len(v)):
        total = 0
        for j, x in enumerate(v):
            total += f(i, j) * x
        out.append(total)
    return out


def largest(n, turns):
    v = [1] * n
    ratio = 0
    for _ in range(turns):
        w = apply(v, entry)
        ratio = sum(a * b for a, b in zip(v, w)) / sum(a * a for a in v)
        top = max(w)
        v = [x / top for x in w]
    return ratio.hex()


steady(largest, 8, 4)
print(largest(40, 12))

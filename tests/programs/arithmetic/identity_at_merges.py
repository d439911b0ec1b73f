# Two locals that show one number are one object, whichever way was taken to where they meet.
from probe import steady


def after_if(a, c):
    x = a * 2.0
    z = x
    if c:
        z = "other"
    return x is z, x


def ints(a, c):
    x = a * 70001
    y = z = x
    if c:
        z = None
    return x is z, y is x, y is z


def in_loop(n):
    last = None
    same = 0
    for i in range(n):
        x = i * 1.5 + 1000.0
        if i % 3 == 0:
            last = x
        if last is x:
            same += 1
    return same, last


def carried(n):
    best = None
    seen = []
    for i in range(n):
        d = (i * 7919) % 1009 + 5000
        if best is None or d < best:
            best = d
        seen.append(best is d)
    return seen.count(True), best


for c in (0, 1):
    steady(after_if, 3.5, c)
    steady(ints, 12345, c)
steady(in_loop, 40)
steady(carried, 40)

# Exits with much on the stack: nested calls, displays and comprehensions half evaluated when a guess fails.
from probe import steady


def f(*args, **kw):
    return args, sorted(kw.items())


def deep(x):
    return f(1, [2, (3, x + 1, {4: x * 2, "k": [x - 1, *range(2)]})], f(x, y=x), key=(x, [x] * 2), **{"z": x})


def string(x):
    return f"{x}{[x, f'{x + x}']}{x!r:>{len(str(x)) + 2}}"


def conditional(x, y):
    return [x if x > y else y, (x and y, x or y), not x, x < y < 10, (x, y) if x == y else [y, x]]


def chained(x):
    return ((((x + 1) * 2 - 3) ** 2 + 4) % 1000 - x) * (x + (x + (x + (x + (x + 1)))))


def comprehension(xs):
    return [[(a, b, a + b) for b in xs if b != a] for a in xs]


def stored(x):
    d, l = {}, [0, 0]
    d[x + 1], l[x > 2], d["k"] = x * 2, x + 3, [x]
    d["k"][0] += l[x > 2] + d[x + 1]
    return d, l


for g in (deep, string, chained, stored):
    for x in (1, 2.5, 2**62, True, -7):
        steady(g, x)
for x, y in ((1, 2), (2.5, 1), (2**64, 2**64), (0, 0.0), (True, 5)):
    steady(conditional, x, y)
steady(comprehension, [1, 2.5, 2**63])
steady(deep, "s")
steady(chained, None)

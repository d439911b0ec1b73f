# Recursive functions whose argument and result types change with depth.
from probe import steady


def down(n):
    if n == 0:
        return 0
    r = down(n - 1)
    if n == 10:
        return float(r)
    if n == 20:
        return int(r) + 2**62
    if n == 30:
        return str(r)
    return r + 1 if not isinstance(r, str) else r + "."


def flatten(x):
    if isinstance(x, (list, tuple)):
        return sum((flatten(v) for v in x), 0)
    return x if isinstance(x, (int, float)) else len(x)


def both(n, acc):
    return acc if n == 0 else both(n - 1, acc * 2 if n % 2 else acc + n)


def shape(x):
    match x:
        case int() | float():
            return 1
        case [first, *rest]:
            return [shape(first), shape(rest)]
        case {"k": v}:
            return {"k": shape(v)}
        case _:
            return str(x)


for n in (5, 15, 25, 35):
    steady(down, n)
steady(flatten, [1, [2.5, (3, "abc"), [[2**64]]], ()])
for acc in (1, 1.5, "a", 2**60, [0]):
    steady(both, 7, acc)
steady(shape, [1, [2.0, {"k": [3]}], "s"])

# Sets and frozensets: building, operators, methods, comparisons, errors.
from probe import steady, outcome, show


def ops():
    a, b = {1, 2, 3}, {3, 4}
    c = a
    c |= {9}
    c -= {1}
    d = set(a)
    d &= {2, 3}
    d ^= {3, 7}
    return (
        a | b,
        a & b,
        a - b,
        a ^ b,
        a is c,
        d,
        2 in a,
        5 not in a,
        a >= {2},
        {2} < a,
        a == {2, 3, 9},
        a.isdisjoint({100}),
        len(a),
    )


def display(x):
    return {x, x + 1, x}, {*range(3), x}, {*()}, frozenset([x, x])


def loop(n):
    seen = set()
    dups = 0
    for i in range(n):
        k = i * i % 17
        if k in seen:
            dups += 1
        seen.add(k)
        seen.discard(i)
    return sorted(seen), dups


def constants(x):
    return x in {1, 2, 3}, x in {"a", None}, x in (1, 2), x in [1, "b"]


def mixed():
    s = {1, 1.0, True, "1"}
    s.update([2], (3,), "x")
    s.remove(2)
    return sorted(map(str, s)), {frozenset([1]): 2}[frozenset([1])]


steady(ops)
steady(display, 1)
steady(display, 1.5)
steady(loop, 50)
for x in (1, "a", None, 2.0):
    steady(constants, x)
steady(mixed)
print(
    outcome(lambda: {[]}),
    outcome(lambda: {1}.remove(2)),
    outcome(lambda: set().pop()),
    outcome(lambda: {1} | [2]),
    outcome(lambda: {1} < 5),
    outcome(constants, []),
)

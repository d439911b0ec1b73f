# List, set, dict and nested comprehensions: scopes, conditions, cells, walrus, errors, restored names.
from probe import steady, outcome, show


def plain(n):
    x = "kept"
    a = [x * 2 for x in range(n)]
    b = {x % 3 for x in range(n)}
    c = {x: x * x for x in range(n) if x % 2}
    d = [(i, j) for i in range(3) for j in range(i) if i != j]
    return x, a, b, c, d


def nested(n):
    return [[i * j for j in range(n)] for i in range(n)], [y for x in [[1, 2], [3]] for y in x]


def capturing():
    fs = [lambda: i for i in range(3)]
    gs = [lambda i=i: i for i in range(3)]
    return [f() for f in fs], [g() for g in gs]


def walrus(values):
    total = 0
    sums = [total := total + v for v in values]
    hits = [y for v in values if (y := v * 2) > 4]
    return total, sums, hits, y


def outer_cell(n):
    k = n

    def f():
        return [k + i for i in range(k)], {i: (lambda: k + i)() for i in range(2)}

    k += 1
    return f()


def error(n):
    i = "outer"
    try:
        [1 / (i - 3) for i in range(n)]
    except ZeroDivisionError as e:
        return i, str(e)


def unbound_before():
    try:
        [1 / 0 for q in [1]]
    except ZeroDivisionError:
        pass
    try:
        q
    except UnboundLocalError as e:
        return str(e)
    q = 1


def locals_inside():
    a = 1
    return [sorted(locals()) for b in [1]], sorted(locals())


class Body:
    n = 3
    a = [i for i in range(n)]
    b = {k: k for k in "ab"}


def conditional(values):
    return [v if v else "no" for v in values], [v for v in values if v if v != 2], [not v for v in values]


def generator_inside(n):
    return (
        sum(i * i for i in range(n)),
        list(i for i in range(n) if i % 2),
        max((i % 5 for i in range(n)), default=None),
    )


steady(plain, 7)
steady(nested, 3)
steady(capturing)
steady(walrus, [1, 2, 3])
steady(outer_cell, 3)
steady(error, 5)
steady(unbound_before)
steady(locals_inside)
steady(conditional, [0, 1, 2, "", "x", None])
steady(generator_inside, 12)
show(Body.a, Body.b)
print(outcome(lambda: [x for x in 5]), outcome(lambda: {x: 1 for x in [[]]}), outcome(lambda: {[] for _ in "a"}))

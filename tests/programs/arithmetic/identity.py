# `is` on every kind of result: small ints are one object, larger ones are what the interpreter makes them.
from probe import steady, show


def small_ints():
    return [(i + 0) is (i * 1) for i in range(-7, 3)], [(200 + i) is (200 + i + 0) for i in range(50, 60)]


def same_object(x):
    y = x
    z = [x][0]
    (w,) = (x,)
    d = {"k": x}
    return y is x, z is x, w is x, d["k"] is x, x is not y


def through_loop(values):
    out = []
    for v in values:
        out.append(v)
    return all(a is b for a, b in zip(values, out))


def float_identity(x):
    a = x
    b = x + 0.0
    return a is x, b is x, a == b


def none_checks(values):
    n = 0
    for v in values:
        if v is None:
            n += 1
        if v is not None:
            n += 10
        if v is True:
            n += 100
        if v is False:
            n += 1000
        if v is ...:
            n += 10000
    return n


steady(small_ints)
for x in (1, 2**70, 1.5, "s", object, [1], None, True, 1j):
    steady(same_object, x)
steady(through_loop, [1, 1000, 2**40, 2**80, 1.5, "a" * 3, None, (1,), True])
steady(float_identity, 3.25)
steady(none_checks, [None, True, False, ..., 0, 1, "", None])


def kept_floats(n):
    x = 1.5
    kept = []
    for i in range(n):
        kept.append(x)
        x = x * 1.5
    y = x
    x += 1.0
    return kept, y, x, y is x


steady(kept_floats, 10)


def aliased(n):
    total = 0.5
    alias = total
    for i in range(n):
        total += i
        if i == n // 2:
            alias = total
    return total, alias, total is alias


steady(aliased, 20)


def big_alias(n):
    x = 2**40
    seen = []
    for i in range(n):
        y = x
        x += 1
        seen.append(y)
        if x is y:
            return "same"
    return seen


steady(big_alias, 8)

# A number that one instruction uses twice is one object, also where it was unboxed until then: NaN shows it.
from probe import steady


def same(a, b):
    return a is b


def named(a, q=None):
    return a is q


class Holder:
    def __init__(self, a, b):
        self.a, self.b = a, b


def displays(x):
    y = x * 1.5
    w = (y, y)
    l = [y, 1, y]
    d = {1: y, 2: y}
    return w[0] is w[1], l[0] is l[2], d[1] is d[2]


def calls(x):
    y = x * 1.5
    h = Holder(y, y)
    return same(y, y), named(y, q=y), named(*(y, y)), h.a is h.b


def whole(x):
    y = x * 70001
    return (y, y), same(y, y), [y, y][0] is y


def pair(x):
    y = x * 1.5
    return y, y


def returned(x):
    a, b = pair(x)
    return a is b


def keys(x):
    y = x * 1.5
    d = {}
    d[y] = y
    (k,) = d
    return k is d[y]


def defaults(x):
    y = x * 1.5

    def inner(p=y, q=y):
        return p is q

    s = slice(y, y)
    return inner(), s.start is s.stop


def yielded(x):
    y = x * 1.5
    yield y, y
    yield same(y, y)


def listed(x):
    return [v[0] is v[1] if type(v) is tuple else v for v in yielded(x)]


def not_a_number(x):
    n = x * float("nan")
    l = [n, n]
    return l.count(l[0]), len(dict.fromkeys((n, n, n))), (n, n) == (n, n)


for f in displays, calls, returned, keys, defaults, listed, not_a_number:
    steady(f, 2.5)
steady(whole, 12345)

# Floats and big ints which something else still holds when their variable goes on: none may change under its holder.
import sys
from probe import steady


class Acc:
    best = 0.5

    def __init__(self):
        self.total = 0.0
        self.last = self.total
        self.history = []

    def add(self, x):
        self.history.append(self.total)
        self.total += x
        self.total *= 1.5
        self.last, old = self.total, self.last
        return old


def attributes(n):
    a, b = Acc(), Acc()
    olds = []
    for i in range(n):
        olds.append(a.add(i))
        b.total = a.total
        b.total += 1.0
        if a.total == b.total or a.last is not a.total:
            return "shared"
    return olds, a.history, a.total, b.total, Acc.best


def containers(n):
    l = [1.5, 2.5, 3.5]
    copy = l[:]
    t = tuple(l)
    d = dict(enumerate(l))
    for i in range(n):
        l[0] += 1.0
        l[1] *= l[0]
        l[2] = l[2] - l[1]
        d[0] += l[0]
    return l, copy, t, d


def twice_in_one_list(n):
    x = 1.25
    l = [x, x]
    m = [[0.5] * 3] * 2
    for i in range(n):
        l[0] += 1.0
        m[0][1] += l[0]
    return l, x, m, m[0] is m[1]


def constants(n):
    out = []
    for i in range(n):
        x = 2.5
        x += i
        out.append((x, 2.5))
    return out


def defaults(n, x=0.25, y=[0.75]):
    for i in range(n):
        x += 1.0
        y[0] = y[0]
        z = y[0]
        z *= 2.0
    return x, y, z


def arguments(n):
    def f(a, b):
        a += 1.0
        b = b * a
        return a, b

    x = 3.5
    out = []
    for i in range(n):
        out.append(f(x, x))
    return x, out[-1], out[0]


def closure(n):
    x = 0.5

    def inc():
        nonlocal x
        before = x
        x += 1.0
        return before

    return [inc() for _ in range(n)], x


def yielded(n):
    def g():
        x = 0.5
        for i in range(n):
            yield x
            x += 1.0

    return list(g())


def swapped(n):
    a, b = 1.0, 2.0
    first, second = a, b
    for i in range(n):
        a, b = b, a + b
        c = a
        a += 0.5
        if c is a:
            return "same"
    return a, b, first, second


def frames(n):
    x = 1.5
    seen = []
    for i in range(n):
        seen.append(sys._getframe().f_locals["x"])
        x = x * 2.0
    return seen, x


def raised(n):
    x = 0.5
    errors = []
    for i in range(n):
        try:
            raise ValueError(x)
        except ValueError as e:
            errors.append(e)
        x += 1.0
    return [e.args[0] for e in errors]


def dictionary_keys(n):
    x = 0.5
    d = {}
    for i in range(n):
        d[x] = x
        x += 0.5
    return d


def big_ints(n):
    x = 2**40
    held = [x]
    d = {"x": x}
    for i in range(n):
        x += 2**38
        held.append(x)
        d["x"] += x
        y = x
        y -= 1
    return held, d, y


def default_of_get(n):
    d = {}
    zero = 0.0
    for i in range(n):
        k = i % 3
        d[k] = d.get(k, zero) + 1.5
    return d, zero


def returned_and_kept(n):
    kept = []

    def make(i):
        x = i * 1.5
        kept.append(x)
        return x

    total = 0.0
    for i in range(n):
        y = make(i)
        y += 100.0
        total += y
    return kept, total


def swapped_slots(n):
    class S:
        __slots__ = ("u", "v")

    s = S()
    s.u, s.v = 1.0, 2.0
    out = []
    for i in range(n):
        out.append((s.u, s.v))
        s.u, s.v = s.v, s.u
        s.u += 0.25
    return out


for f in (
    attributes,
    containers,
    twice_in_one_list,
    constants,
    defaults,
    arguments,
    closure,
    yielded,
    swapped,
    frames,
    raised,
    dictionary_keys,
    big_ints,
    default_of_get,
    returned_and_kept,
    swapped_slots,
):
    steady(f, 8)

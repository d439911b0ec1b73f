# sys.getrefcount of values that several locals hold, of constants, and after f_locals was read.
import sys
from probe import steady


def seen(v):
    return sys.getrefcount(v)


def floats():
    x = 2.5
    x = x * 3.25
    y = x
    return sys.getrefcount(x), seen(x), seen(x + 1.0), [sys.getrefcount(v) for v in [x * 2, y]]


steady(floats)


class C:
    def __init__(self):
        self.total = 0
        self.n = seen(self)

    def count(self, *ignored):
        return sys.getrefcount(self)


def aliases(n):
    a = b = C()
    c = [a]
    out = []
    for i in range(n):
        d = a
        out.append((sys.getrefcount(a), seen(b), a.count(), a.count(a, a.count(b)), c[0].count()))
        a.total += seen(a)
        del d
        if i == 2:
            b = None
    return out, a.total, a.n


def constants():
    x = (1, "two", 3.0)
    y = z = 2.75
    t = b"bytes"
    here = sys.getrefcount(x), sys.getrefcount(y), seen(t)
    x = None
    again = sys.getrefcount(y), seen(y)
    return here, again


def builtins_held():
    f = len
    counts = [sys.getrefcount(len) - sys.getrefcount(len), sys.getrefcount(f)]
    g = f
    return sys.getrefcount(f) - counts[1], len([sys.getrefcount(f) - counts[1]])


def after_locals(n):
    a = b = [n]
    before = sys.getrefcount(a), seen(b)
    names = sorted(sys._getframe().f_locals)
    return before, names, sys.getrefcount(a), seen(a, ), [a, seen(b)][1], from_below(a)


def from_below(v):
    same = v
    frame = sys._getframe(1)
    shown = frame.f_locals["a"] is v
    return shown, sys.getrefcount(v), sys.getrefcount(same)


steady(aliases, 5)
steady(constants)
steady(builtins_held)
steady(after_locals, 5)

# Small functions which a compiler would inline: their errors, frames, globals, changes while running.
import sys
import traceback
from probe import steady, trail

factor = 2


def small(x):
    return x * factor


def raises(x):
    return 10 // x


def looks():
    return sys._getframe().f_code.co_name, sys._getframe(1).f_code.co_name


def reads_caller():
    return sys._getframe(1).f_locals["secret"]


def writes_global(x):
    global factor
    factor = x
    return x


class V:
    def __init__(self, n):
        self.n = n

    def get(self):
        return self.n

    def add(self, k):
        self.n += k
        return self

    @property
    def double(self):
        return self.get() * 2


def use_small(n):
    total = 0
    for i in range(n):
        total += small(i)
    return total


def use_raises(n):
    out = []
    for i in range(n):
        try:
            out.append(raises(n - 3 - i))
        except ZeroDivisionError as e:
            out.append(trail(e)[-1])
    return out


def nested_error(n):
    def one(x):
        return two(x) + 1

    def two(x):
        return three(x) + 1

    def three(x):
        return [1, 2, 3][x]

    total = 0
    try:
        for i in range(n):
            total += one(i)
    except IndexError as e:
        return total, trail(e), [f.name for f in traceback.extract_tb(e.__traceback__)]


def use_looks(n):
    secret = "s"
    out = set()
    for i in range(n):
        out.add(looks())
        secret = i
        out.add(reads_caller())
    return out


def changes(n):
    out = []
    for i in range(n):
        out.append(small(i))
        if i == n // 2:
            writes_global(1.5)
    writes_global(2)
    return out


def objects(n):
    v = V(0)
    for i in range(n):
        v.add(i).add(1)
        if v.double > 200:
            v.n = 0.5
    return v.get(), v.double


def default_arguments(n):
    def f(a, b=[], *, c=1):
        b.append(a)
        return len(b) + c

    return [f(i) for i in range(n)] + [f(1, [], c=5), f(c=2, a=1)]


def method_replaced(n):
    v = V(1)
    out = []
    for i in range(n):
        out.append(v.get())
        if i == 6:
            V.get = lambda self: -self.n
    V.get = original
    return out


original = V.get
for f in (use_small, use_raises, nested_error, use_looks, changes, objects, default_arguments, method_replaced):
    steady(f, 12)

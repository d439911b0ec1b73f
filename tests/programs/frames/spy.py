# A callee which looks at everything: at each call all frames' lines, locals and the refcounts of what it was given.
import sys
from probe import steady

log = []


def spy(*values):
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__ and frame.f_code.co_name != "<module>":
        local = {k: v for k, v in frame.f_locals.items() if isinstance(v, (int, float, str, list, tuple)) or v is None}
        log.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, frame.f_lasti, str(local)))
        frame = frame.f_back
    log.append(tuple(sys.getrefcount(v) for v in values if not isinstance(v, (int, str))))
    return len(values)


class Thing:
    def __init__(self, n):
        self.n = n
        spy(self)

    def __add__(self, other):
        spy(self, other)
        return Thing(self.n + 1)

    def __getattr__(self, name):
        spy(self)
        return name

    def __del__(self):
        spy()

    def __iter__(self):
        for i in range(2):
            spy(self)
            yield i


def work(n):
    total = 0
    t = Thing(n)
    for i in range(3):
        x = i * 1.5
        total += spy(x, t)
        u = t + [i]
        for k in t:
            total += k
            y = (k, x)
            spy(y)
        try:
            t.missing + 1
        except TypeError as e:
            z = str(e)
            spy(z)
    return total


def nested(n):
    a = [n]
    b = work(n) + spy(a)
    del a
    return outer(lambda: spy(b, n))


def outer(f):
    q = "in outer"
    return f() + spy(f)


def run(n):
    log.clear()
    r = nested(n)
    found = tuple(log)
    log.clear()
    return r, len(found), hash(found), found[:3], found[-3:]


steady(run, 1)
steady(run, 2.5)

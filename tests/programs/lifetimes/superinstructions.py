# Destructors inside a superinstruction (STORE_FAST_STORE_FAST, STORE_FAST_LOAD_FAST) that look at the locals, write them, keep
# the frame: the second half has to go on from what they leave behind.
import sys
import threading
import weakref

from probe import steady


class Looks:
    def __init__(self, n=0):
        self.n = n

    def __del__(self):
        locals()


def pairs(n):
    r = 0
    a = b = Looks()
    for i in range(n):
        a, b = Looks(i), Looks(i + 10)
        r += a.n + b.n
    return r


def first_dies():
    yield Looks()
    yield 2
    yield 3
    yield 4


def counts():
    r = 0
    for q in first_dies():
        r += 1
    return r


class Shows:
    log = []

    def __del__(self):
        Shows.log.append(sorted(k + type(v).__name__ for k, v in sys._getframe(1).f_locals.items() if k in "abi"))


def shown():
    Shows.log.clear()
    for i in range(2):
        a, b = Shows(), Shows()
    del a, b
    return list(Shows.log)


class Writes:
    def __del__(self):
        seen = sys._getframe(1).f_locals
        if "r" in seen:
            seen["r"] += 1000


def written():
    r = 0
    for q in (Writes() if k == 0 else k for k in range(4)):
        r += 1
    return r


class Callback:
    pass


def by_weakref():
    r = 0
    refs = []

    def each():
        o = Callback()
        refs.append(weakref.ref(o, lambda _: locals()))
        yield o
        del o
        yield 2
        yield 3

    for q in each():
        r += 1
    return r


kept = []


class Keeps:
    def __del__(self):
        kept.append(sys._getframe(1))
        if len(kept) > 1:
            kept.pop(0)


def replaced(a):
    a = 1
    return a


def keeps():
    replaced(Keeps())
    replaced(Keeps())
    return len(kept)


class Slow:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        for i in range(3):
            pass


def slow_pairs(n):
    r = 0
    a = b = Slow(0)
    for i in range(n):
        a, b = Slow(i), Slow(i + 10)
        r += a.n + b.n
    return r


steady(pairs, 50)
steady(counts)
steady(shown)
steady(written)
steady(by_weakref)
steady(keeps)
print(pairs(3000))

sys.setswitchinterval(1e-6)
stop = False


def others():
    while not stop:
        locals()


thread = threading.Thread(target=others)
thread.start()
try:
    print([slow_pairs(2000) for k in range(5)])
finally:
    stop = True
    thread.join()

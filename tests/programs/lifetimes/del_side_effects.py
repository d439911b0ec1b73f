# __del__ methods which change what the running code depends on: globals, locals by frames, classes, containers.
import sys
from probe import steady

g = 0


class Setter:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        self.action()


def bump():
    global g
    g += 100


def changes_global(n):
    global g
    g = 0
    out = []
    for i in range(n):
        x = Setter(bump) if i % 3 == 0 else None
        g += 1
        out.append(g)
    return out


def changes_caller(n):
    def act():
        sys._getframe(2).f_locals["k"] = "set by del"

    out = []
    k = 0
    for i in range(n):
        x = Setter(act) if i == 2 else i
        out.append(k)
    return out


class C:
    v = 1

    def m(self):
        return self.v


def changes_class(n):
    c = C()
    out = []

    def act():
        C.v += 1

    def act2():
        C.m = lambda self: "patched"

    original = C.m
    for i in range(n):
        x = Setter(act) if i % 2 else Setter(act2) if i == 6 else None
        out.append(c.m())
    x = None
    C.v, C.m = 1, original
    return out


def changes_list(n):
    l = list(range(5))

    def act():
        l.append(len(l))

    out = []
    for v in l:
        x = Setter(act) if v < 8 else None
        out.append(v)
        if len(out) > n:
            break
    x = None
    return out, len(l)


def raises_nothing(n):
    sys.unraisablehook = lambda u: None

    def act():
        raise ValueError

    total = 0
    for i in range(n):
        x = Setter(act)
        total += i
    del x
    return total, sys.exception()


steady(changes_global, 8)
steady(changes_caller, 6)
steady(changes_class, 10)
steady(changes_list, 20)
steady(raises_nothing, 6)

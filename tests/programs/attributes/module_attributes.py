# Module attributes read, written, deleted, with __getattr__ on the module and a class of its own.
import math
import sys
import types
from probe import steady, outcome

m = types.ModuleType("m")


def read(n):
    total = 0.0
    for i in range(n):
        total += math.sqrt(i) + math.pi
    return total


def rebound(n):
    m.f = lambda x: x
    out = []
    for i in range(n):
        out.append(m.f(i))
        if i == 5:
            m.f = lambda x: -x
        if i == 9:
            m.f = str
        if i == 11:
            del m.f
            m.__getattr__ = lambda name: (lambda x: (name, x))
    del m.__getattr__
    return out


class Mod(types.ModuleType):
    @property
    def answer(self):
        return 42


def class_change():
    x = types.ModuleType("x")
    x.__class__ = Mod
    return x.answer


def patched(n):
    real = math.floor
    out = []
    for i in range(n):
        out.append(math.floor(i + 0.5))
        if i == 6:
            math.floor = lambda x: "patched"
        if i == 8:
            math.floor = real
    return out


steady(read, 100)
steady(rebound, 14)
steady(class_change)
steady(patched, 12)
print(outcome(lambda: m.nothing), outcome(lambda: math.nothing), outcome(lambda: sys.modules["nothing"]))

# __getattr__, __getattribute__, __setattr__, __delattr__, and errors raised inside them.
from probe import steady, outcome, mark, deaths


class Hook:
    def __init__(self):
        object.__setattr__(self, "real", 1)

    def __getattr__(self, name):
        mark("?" + name)
        if name.startswith("no"):
            raise AttributeError(f"really no {name}")
        if name.startswith("key"):
            raise KeyError(name)
        return name.upper()

    def __setattr__(self, name, value):
        mark(f"{name}={value}")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        mark(f"del {name}")
        super().__delattr__(name)


class All:
    x = 1

    def __getattribute__(self, name):
        mark("!" + name)
        return super().__getattribute__(name)

    def method(self):
        return "method"


def use():
    h = Hook()
    h.new = h.real + 1
    r = [h.real, h.new, h.other, hasattr(h, "nothing"), getattr(h, "none", "default")]
    del h.new
    r.append(h.new)
    return r


def all_hook():
    a = All()
    a.y = 5
    return a.x, a.y, a.method()


def late(n):
    class Q:
        pass

    q = Q()
    out = []
    for i in range(n):
        try:
            out.append(q.attr)
        except AttributeError:
            out.append("error")
        if i == 3:
            Q.__getattr__ = lambda self, name: "hooked"
        if i == 6:
            Q.__getattribute__ = lambda self, name: "stronger"
        if i == 9:
            del Q.__getattribute__, Q.__getattr__
    return out


steady(use)
print(deaths())
steady(all_hook)
print(deaths())
steady(late, 12)
print(outcome(lambda: Hook().nope), outcome(lambda: Hook().key1), outcome(lambda: All().zzz))
print(deaths())

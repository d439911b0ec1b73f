# Bound methods, unbound functions, static and class methods, methods stored in instances and containers.
from probe import steady, show, outcome


class A:
    def m(self, x=1, *rest, k=0):
        return "m", x, rest, k

    @staticmethod
    def s(x):
        return "s", x

    @classmethod
    def c(cls, x):
        return cls.__name__, x

    def __call__(self, *args):
        return "called", args


class B(A):
    pass


def direct(a):
    return a.m(), a.m(5), a.m(1, 2, 3, k=4), a.s(6), a.c(7), a(8), a(), A.m(a, 9), B.c(10)


def bound(a):
    m = a.m
    n = a.m
    return m(1), m is n, m == n, m.__self__ is a, m.__func__ is A.m


def stored(a):
    a.f = lambda x: ("inst", x)
    table = {"f": a.f, "m": a.m, "up": "abc".upper, "append": [].append}
    out = [a.f(1), table["f"](2), table["m"](3), table["up"](), table["append"](4)]
    del a.f
    return out


steady(direct, A())
steady(direct, B())
steady(bound, B())
steady(stored, A())
print(outcome(lambda: A.m()))
print(outcome(lambda: A().s()))
print(outcome(lambda: A().c(1, 2)))
print(outcome(lambda: B().m(1, x=2)))
print(outcome(lambda: A().nothing()))


def in_loop(objects):
    out = []
    for o in objects:
        out.append(o.m(len(out))[1])
        out.append(o.c(1)[0])
    return out


steady(in_loop, [A(), B(), A(), A(), B(), B()])

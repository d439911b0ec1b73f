# Call sites which see two, three and many types in turn: polymorphic guards, never a storm.
from probe import steady


class P:
    def __init__(self, n):
        self.n = n

    def m(self):
        return self.n


class Q(P):
    def m(self):
        return self.n * 2.0


class R:
    n = 7

    def m(self):
        return str(self.n)


CLASSES = [type(f"K{i}", (P,), {"m": (lambda i: lambda self: self.n + i)(i)}) for i in range(12)]


def visit(objects):
    out = []
    for o in objects:
        out.append(o.m())
        o.n = o.n
    return out


def arithmetic(values):
    out = []
    for a in values:
        out.append(a + a)
        out.append(a * 2)
        out.append(a == 3)
    return out


def by_flag(n):
    out = []
    x = 0
    for i in range(n):
        x = x + 1 if i % 2 else x + 1.0
        if i % 10 == 9:
            x = int(x)
        out.append(x)
    return out[-12:]


def branches(n):
    a = b = c = 0
    for i in range(n):
        if i < n - 3:
            a += 1
        elif i == n - 2:
            b += 1.5
        else:
            c += 2**64
    return a, b, c


steady(visit, [P(1), Q(2)] * 10)
steady(visit, [P(1), Q(2), R()] * 7)
steady(visit, [k(5) for k in CLASSES] * 3)
steady(arithmetic, [1, 2.5] * 10)
steady(arithmetic, [1, "a", 2.5, (1,), True, 2**70, [3], 1j])
steady(by_flag, 50)
steady(branches, 40)

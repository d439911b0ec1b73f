# Keywords to Python functions, builtins, classes and bound methods; interned and not interned names.
from probe import steady, outcome


def f(alpha, beta=2, *, gamma=3):
    return alpha, beta, gamma


class C:
    def __init__(self, alpha, *, gamma=0):
        self.v = alpha, gamma

    def m(self, alpha, beta):
        return alpha, beta


def site():
    c = C(alpha=1, gamma=2)
    return (
        f(alpha=1),
        f(1, gamma=5),
        f(beta=1, alpha=2),
        c.v,
        c.m(1, beta=2),
        c.m(beta=1, alpha=2),
        sorted([3, 1], reverse=True),
        int("11", base=2),
        "a b".split(sep=" ", maxsplit=1),
        dict(a=1, b=2),
        max([], default=None),
        sum([1], start=5),
        print(end=""),
        "x".encode(encoding="utf-8"),
    )


def dynamic(names):
    return f(**{"".join(n): i for i, n in enumerate(names)})


steady(site)
steady(dynamic, [["al", "pha"], ["be", "ta"]])
steady(dynamic, [["al", "pha"], ["gam", "ma"]])
print(outcome(dynamic, ["alpha", "delta"]))
print(outcome(lambda: C(1, beta=2)))
print(outcome(lambda: C(1).m(alpha=1)))
print(outcome(lambda: "x".split(sap=1)))
print(outcome(lambda: sorted([1], revers=True)))
print(outcome(lambda: int(x="5")))

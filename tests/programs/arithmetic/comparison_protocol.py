# Rich comparison methods: what is called, in which order, what truth is asked of the results.
from probe import show, steady, outcome, mark, deaths


class Verdict:
    def __init__(self, name, truth):
        self.name, self.truth = name, truth

    def __bool__(self):
        mark(f"bool({self.name})")
        if self.truth is None:
            raise ValueError("no truth")
        return self.truth

    def __repr__(self):
        return self.name


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        mark(f"{self.n}<")
        return Verdict(f"v{self.n}", self.n < 5)

    def __eq__(self, other):
        mark(f"{self.n}==")
        return self.n == getattr(other, "n", other)

    __hash__ = None


def chained(a, b, c):
    return a < b < c


def branchy(a, b, c):
    if a < b < c:
        return "yes"
    return "no"


def negated(a, b):
    return not a < b


def looped(items):
    n = 0
    for x in items:
        if x == 3:
            n += 1
        while x < x:
            n += 10
            x = Item(9)
    return n


one, two, nine = Item(1), Item(2), Item(9)
for triple in ((one, two, nine), (nine, one, two), (one, nine, two)):
    show(outcome(chained, *triple), deaths(), outcome(branchy, *triple), deaths())
show(negated(one, two), deaths(), negated(nine, two), deaths())
steady(looped, [Item(3), Item(2), 3, Item(8)])
print(deaths())
bad = Item(1)
Item.__lt__ = lambda self, other: Verdict("bad", None)
show(outcome(branchy, one, two, nine), deaths(), outcome(hash, one), outcome(lambda: one in {1: 2}))

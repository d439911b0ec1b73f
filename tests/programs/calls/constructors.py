# Making instances: __init__, __new__, both, neither, metaclass __call__, wrong returns.
from probe import steady, outcome, show, mark, deaths


class Plain:
    pass


class Init:
    def __init__(self, a, b=2, *, c=3):
        self.a, self.b, self.c = a, b, c


class New:
    def __new__(cls, *args):
        mark("new")
        self = super().__new__(cls)
        self.args = args
        return self


class Both(New):
    def __init__(self, *args):
        mark("init")
        self.n = len(args)


class Other:
    def __new__(cls):
        return 42

    def __init__(self):
        mark("never")


class Meta(type):
    def __call__(cls, *args, **kw):
        mark(f"meta {cls.__name__}")
        return super().__call__(*args, **kw)


class WithMeta(metaclass=Meta):
    def __init__(self, x):
        self.x = x


class BadInit:
    def __init__(self):
        return 1


class Raises:
    def __init__(self, x):
        if x > 2:
            raise ValueError(x)


class Deep(Init):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.deep = True


def make():
    i = Init(1, c=5)
    n = New(1, 2)
    b = Both(1, 2, 3)
    w = WithMeta(7)
    d = Deep(1, 2, c=9)
    return type(Plain()).__name__, i.__dict__, n.args, b.args, b.n, Other(), w.x, d.__dict__


def loop(n):
    total = 0
    for i in range(n):
        total += Init(i).a + Deep(i, i).b
    return total


steady(make)
print(deaths())
steady(loop, 50)
steady(BadInit)
for x in (1, 3):
    print(outcome(lambda: type(Raises(x)).__name__))
print(outcome(Plain, 1))
print(outcome(Init))
print(outcome(lambda: Init(1, 2, 3)))
print(outcome(lambda: Init(1, d=3)))
print(outcome(lambda: WithMeta()))
print(outcome(lambda: Deep()))
print(outcome(object, 1), outcome(lambda: object.__new__(int)))

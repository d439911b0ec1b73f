# pickle, copy and deepcopy of instances, functions, closures' values, cycles, reduce protocols and states.
import copy
import pickle
from probe import steady, outcome, mark, deaths


class A:
    def __init__(self, x):
        self.x = x
        self.me = self

    def m(self):
        return self.x


class State:
    def __init__(self):
        self.v = 1
        self.temp = 2

    def __getstate__(self):
        mark("getstate")
        return {"v": self.v}

    def __setstate__(self, s):
        mark("setstate")
        self.v = s["v"] + 100


class Slots:
    __slots__ = ("a", "b")


class Reduce:
    def __init__(self, n):
        self.n = n

    def __reduce__(self):
        mark("reduce")
        return Reduce, (self.n + 1,)


class New:
    def __new__(cls, a=0):
        mark(f"new {a}")
        return super().__new__(cls)

    def __getnewargs__(self):
        return (5,)


def function(x):
    return x * 2


def work():
    for _ in range(40):
        function(1)
        A(1).m()


def round_trip(p):
    a = A([1, 2.5])
    b = pickle.loads(pickle.dumps(a, p))
    s = pickle.loads(pickle.dumps(State(), p))
    r = pickle.loads(pickle.dumps(Reduce(1), p))
    n = pickle.loads(pickle.dumps(New(), p)) if p >= 2 else None
    return (
        b.x,
        b.me is b,
        s.v,
        hasattr(s, "temp"),
        r.n,
        type(n).__name__,
        pickle.loads(pickle.dumps(function, p)) is function,
        pickle.loads(pickle.dumps(a.m))(),
        deaths(),
    )


def copies():
    a = A([1])
    b, c = copy.copy(a), copy.deepcopy(a)
    s = Slots()
    s.a = [1]
    t = copy.deepcopy(s)
    return (
        b.x is a.x,
        c.x is a.x,
        c.me is c,
        b.me is a,
        t.a,
        t.a is s.a,
        copy.deepcopy({"f": function})["f"] is function,
    )


work()
for p in range(6):
    steady(round_trip, p)
steady(copies)
print(outcome(pickle.dumps, lambda: 1).split("<lambda>")[0][:30])

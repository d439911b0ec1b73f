# __defaults__, __kwdefaults__ and __code__ replaced between and during calls.
from probe import show, steady, outcome


def f(a, b=1, *, k=2):
    return a, b, k


def g(x):
    return "g", x


def call():
    return f(0), f(0, 5), f(0, k=9)


for _ in range(12):
    call()
show(call())
f.__defaults__ = (10,)
show(call())
f.__kwdefaults__ = {"k": 20}
show(call())
f.__kwdefaults__["k"] = 21
show(call())
f.__defaults__ = (100, 200)
show(outcome(lambda: f()), call())
f.__defaults__ = None
show(outcome(call))
f.__kwdefaults__ = None
show(outcome(lambda: f(1, 2)))


def one(x):
    return "one", x


def loop(n):
    out = []
    for i in range(n):
        out.append(one(i)[0])
        if i == n // 2:
            one.__code__ = g.__code__
        if i == n - 1:
            one.__code__ = original
    return out


original = one.__code__
steady(loop, 30)


def mutable(x, seen=[]):
    seen.append(x)
    return len(seen)


steady(mutable, 1)

# Positional, default and keyword arguments in every combination, with the exact errors.
from probe import steady, outcome, show


def f(a, b=2, *, c=3, d):
    return a, b, c, d


def g(a, /, b, c=30, *args, d=4, **kw):
    return a, b, c, args, d, kw


def h():
    return "h"


def callers():
    out = []
    out.append(f(1, d=4))
    out.append(f(1, 2, d=4, c=5))
    out.append(f(d=1, a=2))
    out.append(g(1, 2))
    out.append(g(1, b=2, c=3, z=26))
    out.append(g(1, 2, 3, 4, 5, d=6, a=7))
    out.append(h())
    return out


steady(callers)
print(outcome(lambda: f()))
print(outcome(lambda: f(1)))
print(outcome(lambda: f(1, 2, 3, d=4)))
print(outcome(lambda: f(1, 2, 3, 4, 5)))
print(outcome(lambda: f(1, d=4, e=5)))
print(outcome(lambda: f(1, a=1, d=4)))
print(outcome(lambda: f(1, cc=1, d=4)))
print(outcome(lambda: g(a=1, b=2)))
print(outcome(lambda: g()))
print(outcome(lambda: h(1)))
print(outcome(lambda: h(x=1)))
print(outcome(lambda: h(*(), **{"x": 1})))
print(outcome(lambda: f(*[1, 2], **{"d": 3, "b": 4})))
print(outcome(lambda: f(**{1: 2})))
print(outcome(lambda: f(**[1])))
print(outcome(lambda: f(*5)))
print(outcome(lambda: (5)(1)))
print(outcome(lambda: None()))
print(outcome(lambda: "text".upper(1, 2)))
print(outcome(lambda: len()))
print(outcome(lambda: len(1, 2)))
print(outcome(lambda: isinstance(1)))
print(outcome(lambda: [].append()))
print(outcome(lambda: {}.get()))

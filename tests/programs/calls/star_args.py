# * and ** at call sites: several, mixed, duplicates, mappings and iterators of one's own.
from probe import steady, outcome, show, mark, deaths


def f(*args, **kw):
    return args, kw


class Keys:
    def keys(self):
        mark("keys")
        return ["x", "y"]

    def __getitem__(self, k):
        mark(f"get {k}")
        return k * 2


class Count:
    def __iter__(self):
        mark("iter")
        return iter((1, 2))


def many(a, b, d):
    return f(0, *a, 1, *b, x=1, **d, y=2)


def one_star(a):
    return f(*a)


def both(a, d):
    return f(*a, **d)


def evaluated():
    return f(*(mark("a") or [1]), mark("b"), *(mark("c") or (2,)), k=mark("d"), **(mark("e") or {"z": 1}))


steady(many, (1, 2), [3], {"q": 5})
steady(many, range(3), "ab", {})
steady(one_star, [1, 2, 3])
steady(one_star, (x * x for x in (1, 2)))
steady(both, Count(), Keys())
print(deaths())
steady(evaluated)
print(deaths())
print(outcome(many, 1, 2, 3))
print(outcome(many, (), (), {"x": 1}))
print(outcome(both, None, {}))
print(outcome(both, (), None))
print(outcome(both, (), {"a": 1, 2: 3}))
t = (1, 2, 3)
print(f(*t)[0] is t, f(*t, *())[0] == t)
d = {"k": 1}
print(f(**d)[1] is d, f(**d)[1] == d)


def forward(*args, **kw):
    return f(*args, **kw)


steady(forward, 1, 2, a=3)
steady(forward)

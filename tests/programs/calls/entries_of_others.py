# Another extension answers the calls of a function (PyFunction_SetVectorcall), from some moment on and while it runs.
from probe import steady, show

try:
    from _testcapi import function_setvectorcall as take_over   # it returns 'overridden'
except ImportError:
    print("no _testcapi: nothing to see")
    raise SystemExit


def fresh():
    def plain(a, b=2):
        return "own", a, b

    return plain


def in_a_loop(n):
    f = fresh()
    out = []
    for i in range(n):
        out.append((f(i), f(i, 5), f(a=i)))
        if i == n // 2:
            take_over(f)
    return out


def nested(n):
    f = fresh()

    def g(x):
        return f(x, x)

    out = []
    for i in range(n):
        out.append(g(i))
        if i == n // 2:
            take_over(f)
    return out


def methods(n):
    class C:
        def m(self, x=1):
            return x

        @property
        def p(self):
            return 1

        def __getattr__(self, name):
            return name

        def __add__(self, other):
            return "sum"

        def __getitem__(self, i):
            return i

    c = C()
    out = []
    for i in range(n):
        out.append((c.m(), c.m(2), c.p, c.missing, c + 1, c[3]))
        if i == n // 3:
            take_over(C.m)
            take_over(C.__dict__["p"].fget)
        if i == n // 2:
            take_over(C.__getattr__)
            take_over(C.__add__)
            take_over(C.__getitem__)
    return out


def one_of_several(n):
    functions = [fresh(), fresh(), lambda a: -a]
    out = []
    for i in range(n):
        for f in functions:
            out.append(f(i))
        if i == n // 2:
            take_over(functions[1])
    return out


def other_code(n):
    def f(x):
        return x

    def g(x):
        return x + 1

    take_over(f)
    out = []
    for i in range(n):
        out.append((f(i), g(i)))
        if i == n // 2:
            f.__code__ = g.__code__
    return out


def itself(n):
    if n == 3:
        take_over(itself)
    return n if n < 1 else itself(n - 1)


for function in (in_a_loop, nested, methods, one_of_several, other_code):
    steady(function, 20)
    steady(function, 200)
steady(itself, 2)
steady(itself, 6)

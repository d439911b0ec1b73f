# Code objects made, run hot and dropped by the hundred; functions which replace and delete themselves while running.
import gc
import weakref
from probe import steady, Loud, mark, deaths

alive = []


def generated(n):
    total = 0
    for i in range(n):
        space = {}
        exec(f"def f(x):\n    t = 0\n    for k in range(30):\n        t += x * {i}\n    return t\n", space)
        for _ in range(5):
            total += space["f"](i)
        alive.append(weakref.ref(space["f"].__code__))
    return total


def closures(n):
    out = []
    for i in range(n):

        def f(x, keep=Loud(f"d{i}")):
            return x + i

        for _ in range(20):
            f(1)
        mark("loop")
    del f
    return deaths()


def suicidal():
    global suicidal_function

    def suicidal_function(n):
        global suicidal_function
        total = 0
        for i in range(n):
            if i == n // 2:
                del suicidal_function
            total += i
        return total

    return suicidal_function(100)


def code_replaced(n):
    def f(x):
        return "old", x

    def g(x):
        return "new", x

    def h(x):
        f.__code__ = g.__code__
        return x * 2

    out = []
    for i in range(n):
        out.append(f(h(i) if i == 3 else i))
    return out


steady(generated, 40)
gc.collect()
print(sum(r() is not None for r in alive))
steady(closures, 3)
steady(suicidal)
steady(code_replaced, 6)

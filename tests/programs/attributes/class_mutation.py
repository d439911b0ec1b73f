# Methods and class attributes rebound while loops which use them are running.
from probe import steady


class A:
    n = 1

    def m(self):
        return "first"


class B(A):
    pass


def rebind_method(n):
    b = B()
    out = []
    for i in range(n):
        out.append(b.m())
        if i == 5:
            A.m = lambda self: "second"
        if i == 8:
            B.m = lambda self: "sub"
        if i == 11:
            b.m = lambda: "instance"
        if i == 14:
            del b.m
        if i == 15:
            del B.m
        if i == 17:
            A.m = first
    return out


first = A.m


def rebind_attribute(n):
    b = B()
    total = 0
    for i in range(n):
        total += b.n * 10**i % 1009
        if i % 3 == 0:
            A.n = i
        if i == 10:
            B.n = 2.5
        if i == 14:
            del B.n
    A.n = 1
    return total


def count_on_class(n):
    class Counter:
        made = 0

        def __init__(self):
            Counter.made += 1

    for i in range(n):
        Counter()
    return Counter.made


def bases(n):
    class X:
        def who(self):
            return "X"

    class Y:
        def who(self):
            return "Y"

    class Z(X):
        pass

    z = Z()
    out = []
    for i in range(n):
        out.append(z.who())
        if i == 4:
            Z.__bases__ = (Y,)
        if i == 7:
            Z.__bases__ = (Y, X)
        if i == 8:
            Y.who = X.who
    return out


def vanish(n):
    class V:
        def f(self):
            return 1

    v = V()
    got = 0
    try:
        for i in range(n):
            got += v.f()
            if i == 8:
                del V.f
    except AttributeError as error:
        return got, str(error)


steady(rebind_method, 20)
steady(rebind_attribute, 20)
steady(count_on_class, 50)
steady(bases, 12)
steady(vanish, 20)

# Cells: shared, nonlocal, deleted, unbound, rebound by siblings.
from probe import steady, outcome


def counter():
    n = 0

    def up():
        nonlocal n
        n += 1
        return n

    def get():
        return n

    def reset(v):
        nonlocal n
        n = v

    return up, get, reset


def use():
    up, get, reset = counter()
    up()
    up()
    a = get()
    reset(2.5)
    up()
    b = get()
    reset("s")
    try:
        up()
    except TypeError as error:
        return a, b, get(), str(error)


def unbound():
    def inner():
        return late

    try:
        inner()
    except NameError as error:
        first = str(error)
    late = 1
    return first, inner()


def deleted():
    x = 1

    def inner():
        return x

    a = inner()
    del x
    try:
        return a, inner()
    except NameError as error:
        return a, str(error)


def deleted_twice():
    x = 1

    def inner():
        nonlocal x
        del x

    inner()
    inner()


def local_unbound(flag):
    if flag:
        y = 1
    return y


def local_deleted():
    y = 1
    del y
    del y


def in_loop(n):
    fs = []
    total = 0
    for i in range(n):

        def f(k=i):
            nonlocal total
            total += k * i
            return total

        fs.append(f)
    return [f() for f in fs], total


def argument_cell(a, b=2):
    def inner():
        nonlocal a
        a += b
        return a

    a *= 2
    return inner(), a


def deep():
    x = 0

    def one():
        def two():
            def three():
                nonlocal x
                x += 1
                return x

            return three

        return two

    f = one()()
    for _ in range(5):
        f()
    return x


for function in (use, unbound, deleted, deleted_twice, local_deleted, deep):
    steady(function)
steady(local_unbound, True)
steady(local_unbound, False)
steady(in_loop, 5)
steady(argument_cell, 3)
steady(argument_cell, 3.5)

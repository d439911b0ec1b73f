# locals(), vars(), dir(), exec and eval in functions, with cells and comprehensions.
from probe import steady


def plain(a, b=2):
    c = a + b
    l = locals()
    d = 4
    l["c"] = "changed"
    return l, c, sorted(locals())


def with_cells(a):
    b = 1

    def inner():
        nonlocal b
        b += a
        return sorted(locals().items())

    first = inner()
    return first, {k: v for k, v in locals().items() if k != "inner"}


def executed(a):
    exec("a = 99; new = 1")
    try:
        new
    except NameError as error:
        text = str(error)
    return a, text, eval("a + 1"), eval("[a for a in range(a)]")


def in_loop(n):
    seen = []
    for i in range(n):
        x = i * 2
        seen.append(len(locals()))
        if i == 2:
            y = 1
        if i == 4:
            del y
    return seen, sorted(dir()), sorted(vars())


def deleted():
    a = 1
    b = 2
    del a
    return locals()


steady(plain, 1)
steady(with_cells, 5)
steady(executed, 3)
steady(in_loop, 7)
steady(deleted)

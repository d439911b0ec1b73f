# When locals die: reassigned, deleted, at return in which order, in loops, after exceptions, in unpacking and swaps.
from probe import steady, Loud, mark, deaths


def order_at_return():
    a = Loud("a")
    b = Loud("b")
    c = Loud("c")
    mark("return")


def called(f, *args):
    f(*args)
    mark("back")
    return deaths()


def parameters(x, y, *rest, k, **kw):
    z = Loud("z")
    mark("return")


def with_parameters():
    parameters(Loud("x"), Loud("y"), Loud("r"), k=Loud("k"), q=Loud("q"))
    mark("back")
    return deaths()


def reassigned():
    a = Loud("a1")
    mark("1")
    a = Loud("a2")
    mark("2")
    a = a
    a = None
    mark("3")


def in_loop(n):
    for i in range(n):
        x = Loud(f"x{i}")
        mark(f"i{i}")
    mark("after")


def loop_target(n):
    for x in [Loud(f"e{i}") for i in range(n)]:
        mark(x.name)
    mark("after")
    del x
    mark("deleted")


def generator_target(n):
    for x in (Loud(f"g{i}") for i in range(n)):
        mark("b")
    mark("after")


def swapped():
    a, b = Loud("a"), Loud("b")
    a, b = b, a
    mark("swapped")
    a = b
    mark("a=b")
    a = b = None
    mark("none")


def unpacked():
    a, (b, *c) = Loud("a"), (Loud("b"), Loud("c1"), Loud("c2"))
    mark("unpacked")
    a = c = None
    mark("none")


def dead_but_visible():
    x = Loud("x")
    for i in range(3):
        mark(str(i))
    y = 1
    mark("end")


def exception_leaves(n):
    a = Loud("a")
    for i in range(n):
        b = Loud(f"b{i}")
        if i == 1:
            raise ValueError


def leaving():
    try:
        exception_leaves(3)
    except ValueError:
        mark("handler")
    mark("after")
    return deaths()


def conditional(flag):
    if flag:
        x = Loud("x")
    y = Loud("y")
    if not flag:
        x = Loud("late x")
    mark("end")


def cells():
    x = Loud("cell")
    f = lambda: x
    mark("1")
    x = Loud("cell2")
    mark("2")
    del f
    mark("3")


def walrus():
    if (x := Loud("w1")) and (y := (x := Loud("w2"))):
        mark("body")
    mark("end")


for f in (order_at_return, reassigned, swapped, unpacked, dead_but_visible, cells, walrus):
    steady(called, f)
for f in (in_loop, loop_target, generator_target):
    steady(called, f, 3)
steady(called, conditional, True)
steady(called, conditional, False)
steady(with_parameters)
steady(leaving)

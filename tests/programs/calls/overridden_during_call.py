# What is being called disappears or changes while its own arguments are evaluated.
from probe import steady, mark, deaths


def original(*args):
    return "original", args


def replaced(*args):
    return "replaced", args


target = original


def rebind(x):
    global target
    target = replaced
    return x


def global_call():
    global target
    target = original
    return target(rebind(1)), target(2)


class C:
    def m(self, *args):
        return "m1", args


def remove(x):
    C.m = lambda self, *args: ("m2", args)
    return x


first = C.m


def method_call():
    C.m = first
    c = C()
    return c.m(remove(1)), c.m(2)


def list_call():
    l = [original]

    def clear(x):
        l[0] = None
        return x

    return l[0](clear(1)), l


def local_call():
    f = original

    def change(x):
        nonlocal f
        f = replaced
        return x

    return f(change(1)), f(2)


def object_dies():
    class D:
        def m(self, *args):
            mark("in m")
            return args

        def __del__(self):
            mark("died")

    box = [D()]

    def clear(x):
        box.clear()
        mark("cleared")
        return x

    r = box[0].m(clear(1))
    mark("after")
    return r, deaths()


def operand_dies():
    class D:
        def __init__(self, n):
            self.n = n

        def __add__(self, o):
            return self.n + o

        def __del__(self):
            mark(f"died{self.n}")

    box = {"k": D(1)}

    def clear():
        box.pop("k")
        mark("popped")
        return 5

    r = box["k"] + clear()
    mark("after")
    return r, deaths()


def iterable_dies():
    box = [[1, 2, 3]]
    out = []
    for x in box[0]:
        box.clear()
        out.append(x)
    return out


for f in (global_call, method_call, list_call, local_call, object_dies, operand_dies, iterable_dies):
    steady(f)

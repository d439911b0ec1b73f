# When exception objects die: after the handler, in chains, kept by names, in loops and returns.
from probe import steady, Loud, mark, deaths


class LoudError(Exception):
    def __init__(self, name):
        super().__init__(name)
        self.loud = Loud(name)


def simple():
    try:
        raise LoudError("a")
    except LoudError:
        mark("handling")
    mark("after")
    return deaths()


def named():
    try:
        raise LoudError("b")
    except LoudError as e:
        mark("handling")
        kept = e.loud
    mark("after")
    del kept
    mark("deleted")
    return deaths()


def loop(n):
    for i in range(n):
        try:
            x = Loud(f"x{i}")
            raise LoudError(f"e{i}")
        except LoudError as e:
            mark(f"h{i}")
        mark(f"n{i}")
    mark("end")
    del x
    return deaths()


def replaced():
    try:
        try:
            raise LoudError("first")
        except LoudError:
            raise LoudError("second") from None
    except LoudError as e:
        mark(str(e.__context__))
        e.__context__ = None
        mark("cut")
    mark("out")
    return deaths()


def returned():
    try:
        raise LoudError("r")
    except LoudError:
        return mark("returning")
    finally:
        mark("finally")


def locals_of_frames():
    def f():
        inside = Loud("inside")
        raise ValueError

    try:
        f()
    except ValueError:
        mark("handling")
    mark("after")
    return deaths()


for f in (simple, named, replaced, locals_of_frames):
    steady(f)
steady(loop, 3)
steady(returned)
print(deaths())

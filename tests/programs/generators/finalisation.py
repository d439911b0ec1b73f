# When generators die: dropped in loops, suspended in with and finally, in cycles, with locals that shout.
import gc
from probe import steady, Loud, mark, deaths


def holding(name):
    x = Loud(name)
    try:
        yield 1
        yield 2
    finally:
        mark(f"finally {name}")


def dropped():
    g = holding("a")
    next(g)
    mark("drop")
    g = None
    mark("after")
    return deaths()


def unstarted():
    g = holding("never")
    del g
    return deaths()


def broken_loop():
    for _ in holding("b"):
        mark("body")
        break
    mark("after loop")
    return deaths()


def exhausted():
    for v in holding("c"):
        mark(str(v))
    mark("after loop")
    return deaths()


def raised():
    try:
        for v in holding("d"):
            raise ValueError
    except ValueError as e:
        mark("handler")
    mark("after")
    return deaths()


def in_cycle():
    def g():
        x = Loud("cycle")
        me = yield
        yield me

    it = g()
    next(it)
    it.send(it)
    del it
    mark("collect")
    gc.collect()
    return deaths()


def argument_life():
    def g(x):
        yield x.name
        del x
        mark("deleted")
        yield "more"

    it = g(Loud("arg"))
    return next(it), mark("between"), next(it), deaths()


def comprehension():
    return [n for n in (Loud(f"t{i}").name for i in range(3))], deaths()


gc.disable()
for f in (dropped, unstarted, broken_loop, exhausted, raised, in_cycle, argument_life, comprehension):
    steady(f)

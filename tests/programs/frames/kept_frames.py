# Frames kept beyond their calls, cleared, walked from other frames, in cycles and in generators.
import gc
import sys
from probe import steady, Loud, mark, deaths

kept = []


def keep(n):
    x = Loud(f"x{n}")
    kept.append(sys._getframe())
    x2 = n + 1
    return x2


def clears():
    keep(1)
    f = kept.pop()
    mark("before")
    out = dict(f.f_locals)["x2"], f.f_lineno
    f.clear()
    mark("after")
    return out, sorted(f.f_locals), deaths()


def drops():
    keep(2)
    mark("before")
    kept.clear()
    mark("after")
    return deaths()


def running_clear():
    sys._getframe().clear()


def caller_clear():
    def inner():
        sys._getframe(1).clear()

    inner()


def back_links():
    def inner():
        kept.append(sys._getframe())

    def outer():
        inner()
        return "outer"

    outer()
    f = kept.pop()
    return f.f_code.co_name, f.f_back.f_code.co_name, f.f_back.f_back.f_code.co_name


def self_cycle():
    x = Loud("self")
    f = sys._getframe()
    return "returned"


def cycle():
    self_cycle()
    mark("collect")
    gc.collect()
    return deaths()


def depth_counts(n):
    if n == 0:
        kept.append(sys._getframe())
        return
    depth_counts(n - 1)


def walk():
    depth_counts(4)
    f = kept.pop()
    out = []
    while f.f_code.co_name == "depth_counts":
        out.append(f.f_locals["n"])
        f = f.f_back
    return out


gc.disable()
for f in (clears, drops, running_clear, caller_clear, back_links, cycle, walk):
    steady(f)

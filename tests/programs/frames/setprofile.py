# sys.setprofile: call, return, c_call and c_return events, switched in the middle.
import sys
from probe import steady

log = []


def profiler(frame, event, arg):
    name = getattr(arg, "__name__", "") if event.startswith("c_") else frame.f_code.co_name
    if name != "setprofile":
        log.append(f"{event}:{name}")


def callee(x):
    return len(str(x))


def raises():
    return int("x")


def middle(n):
    total = 0
    for i in range(n):
        if i == 2:
            sys.setprofile(profiler)
        total += callee(i * 10)
        if i == 3:
            try:
                raises()
            except ValueError:
                total += 100
        if i == 4:
            sys.setprofile(None)
    found = list(log)
    log.clear()
    return total, found


def on_the_way_out(n):
    switch(n)
    return callee(n)


def switch(n):
    sys.setprofile(profiler)


def outer():
    r = on_the_way_out(5)
    sys.setprofile(None)
    found = list(log)
    log.clear()
    return r, found


steady(middle, 7)
steady(outer)

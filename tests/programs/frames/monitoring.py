# sys.monitoring: global and local events, DISABLE, switched on and off while the code runs.
import sys
from probe import steady

mon = sys.monitoring
E = mon.events
TOOL = 3
mon.use_tool_id(TOOL, "test")
log = []


def taken():
    found = list(log)
    log.clear()
    return found


def mine(code):
    return code.co_filename == __file__ and code.co_name not in ("on", "off", "on_local", "taken")


def register():
    def cb(name):
        def call(code, *args):
            if mine(code):
                shown = [a if isinstance(a, int) else getattr(a, "__name__", type(a).__name__) for a in args]
                log.append(f"{name} {code.co_name} {shown}")

        return call

    for name in (
        "PY_START",
        "PY_RESUME",
        "PY_RETURN",
        "PY_YIELD",
        "CALL",
        "C_RETURN",
        "C_RAISE",
        "LINE",
        "INSTRUCTION",
        "JUMP",
        "BRANCH",
        "STOP_ITERATION",
        "RAISE",
        "EXCEPTION_HANDLED",
        "PY_UNWIND",
        "PY_THROW",
        "RERAISE",
    ):
        mon.register_callback(TOOL, getattr(E, name), cb(name))


register()


def on(events):
    mon.set_events(TOOL, events)


def off():
    mon.set_events(TOOL, 0)


def on_local(function, events):
    mon.set_local_events(TOOL, function.__code__, events)


def callee(x):
    if x > 2:
        return x
    return len([x])


def switched(n, events):
    total = 0
    for i in range(n):
        if i == 2:
            on(events)
        total += callee(i)
        if i == 3:
            off()
    return total, taken()


def local(n, events):
    total = 0
    for i in range(n):
        if i == 2:
            on_local(callee, events)
        total += callee(i)
        if i == 4:
            on_local(callee, 0)
    return total, taken()


def own(n, events):
    total = 0
    for i in range(n):
        if i == 1:
            on_local(own, events)
        total += i
        if i == 2:
            on_local(own, 0)
    return total, taken()


def errors():
    on(E.RAISE | E.EXCEPTION_HANDLED | E.PY_UNWIND | E.RERAISE)
    try:
        try:
            callee("s")
        finally:
            callee(1)
    except TypeError:
        pass
    off()
    return taken()


def generators():
    def g():
        try:
            yield 1
        except KeyError:
            yield 2

    on(E.PY_START | E.PY_RESUME | E.PY_YIELD | E.PY_RETURN | E.PY_THROW | E.STOP_ITERATION)
    it = g()
    next(it)
    it.throw(KeyError)
    list(it)
    off()
    return taken()


def disabling(n):
    hits = []

    def once(code, *args):
        if code is callee.__code__:
            hits.append(args[0])
            return mon.DISABLE

    old = mon.register_callback(TOOL, E.LINE, once)
    on(E.LINE)
    for i in range(n):
        callee(i)
    off()
    mon.restart_events()
    on(E.LINE)
    callee(1)
    off()
    mon.register_callback(TOOL, E.LINE, old)
    return [h - callee.__code__.co_firstlineno for h in hits]


def raising(n):
    def bad(code, *args):
        if code is callee.__code__:
            raise ValueError("from callback")

    old = mon.register_callback(TOOL, E.PY_START, bad)
    out = []
    for i in range(n):
        if i == 2:
            on(E.PY_START)
        try:
            out.append(callee(i))
        except ValueError as e:
            out.append(str(e))
    off()
    mon.register_callback(TOOL, E.PY_START, old)
    return out


steady(switched, 6, E.PY_START | E.PY_RETURN)
steady(switched, 6, E.CALL)
steady(switched, 6, E.LINE)
steady(switched, 6, E.BRANCH | E.JUMP)
steady(switched, 5, E.INSTRUCTION)
steady(local, 6, E.PY_START | E.LINE)
steady(local, 6, E.BRANCH)
steady(own, 5, E.LINE)
steady(own, 5, E.JUMP | E.BRANCH)
for f in (errors, generators):
    steady(f)
steady(disabling, 4)
steady(raising, 4)
mon.free_tool_id(TOOL)

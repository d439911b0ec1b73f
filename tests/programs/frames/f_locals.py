# f_locals both ways (PEP 667): a callee reads and writes the locals of its callers while they run.
import sys
from probe import steady


def read(depth=1):
    return {k: v for k, v in sys._getframe(depth + 1).f_locals.items() if not callable(v)}


def write(name, value, depth=1):
    sys._getframe(depth).f_locals[name] = value


def reader(n):
    x = n
    out = []
    for i in range(3):
        y = x * i
        out.append(read(0))
    return out


def written(n):
    total = 0
    step = 1
    for i in range(n):
        total += step
        if i == 5:
            write("step", 10)
        if i == 8:
            write("step", 0.5)
        if i == 10:
            write("total", "s")
            write("step", "t")
    return total, step


def loop_variable(n):
    out = []
    for i in range(n):
        if i == 2:
            write("i", 100)
        out.append(i)
    return out


def through_two(n):
    k = 1

    def inner():
        write("k", n, 2)
        return k

    return inner(), k


def cells(n):
    c = n

    def get():
        return c

    write("c", c + 1)
    return get(), c, read(0)


def unbound():
    write("later", 5)
    r = later
    del later
    try:
        later
    except UnboundLocalError:
        return r, "later" in sys._getframe().f_locals
    later = 1


def extra():
    write("not_a_local", 7)
    return sorted(sys._getframe().f_locals), "not_a_local" in locals()


def proxy_methods(a, b=2):
    p = sys._getframe().f_locals
    out = [len(p), sorted(p), p.get("a"), p.get("zz"), "b" in p, type(p).__name__, p.setdefault("a", 9)]
    p.update(a=5)
    out.append(a)
    try:
        del p["a"]
    except ValueError as e:
        out.append(str(e))
    p |= {"b": 3}
    return out, a, b


def kept_after_return():
    def f(x):
        y = x + 1
        return sys._getframe()

    frame = f(5)
    before = dict(frame.f_locals)
    frame.f_locals["y"] = "changed"
    return before, dict(frame.f_locals), frame.f_lineno > 0


def arguments(a, *args, k=1, **kw):
    write("a", "new a")
    write("args", "new args")
    write("kw", None)
    return a, args, k, kw


def helper_between(n):
    x = 0
    for i in range(n):
        x += 1
        bump()
    return x


def bump():
    sys._getframe(1).f_locals["x"] += 100


steady(reader, 3)
steady(written, 12)
steady(loop_variable, 5)
steady(through_two, 9)
steady(cells, 4)
for f in (unbound, extra, kept_after_return):
    steady(f)
steady(proxy_methods, 1)
steady(arguments, 1, 2, z=3)
steady(helper_between, 10)

# Reference counts seen from calls, operators, loops, matches and handlers, and the order of deaths around them.
import functools
import sys
from probe import steady, Loud, mark as mark_text, deaths


def mark(value):
    mark_text(str(value))


def refs(n):
    def cb(a, b, *c, d=1, **e):
        return tuple(sys.getrefcount(x) for x in (a, b, c, d, e))
    class O:
        def m(self, o): return sys.getrefcount(self), sys.getrefcount(o)
        def __call__(self, o): return sys.getrefcount(self), sys.getrefcount(o)
        @classmethod
        def c(cls, o): return sys.getrefcount(o)
        @staticmethod
        def s(o): return sys.getrefcount(o)
    o, l = O(), [1]
    out = []
    for i in range(n):
        x = [i]
        out.append((cb(x, o), cb(x, [2], o, o, d=l, z=x), cb(*[x, o], **{"q": l}), o.m(x), o.m(o), o(x), O.c(x), O.s([3]), O.m(o, o),
                    (lambda q: sys.getrefcount(q))(x), sys.getrefcount([x, x][0]), functools.partial(cb, x)(o)))
    return out[0], out[-1], all(q == out[-1] for q in out)


def iters(n):
    l = [Loud(f"e{i}") for i in range(n)]
    out = []
    for i, x in enumerate(l):
        out.append(sys.getrefcount(x))
        if i == 1: l.clear(); mark("cleared")
    del x
    mark("end")
    return out, deaths()


def zipped(n):
    out = []
    for a, b in zip([[i] for i in range(n)], ([i] for i in range(n))):
        out.append((sys.getrefcount(a), sys.getrefcount(b)))
        a = b = None
    for k, v in {i: [i] for i in range(n)}.items():
        out.append(sys.getrefcount(v))
    return out


def swap(n):
    a, b, c = [1], [2], [3]
    out = []
    for i in range(n):
        a, b, c = b, c, a
        out.append((sys.getrefcount(a), sys.getrefcount(b), a[0]))
        a, b = b, a
    return out


def del_order(n):
    def f():
        a, b, c = Loud("a"), Loud("b"), Loud("c")
        d = [a, b]
        del b
        mark("del b")
        d.pop()
        mark("popped")
        return c
    r = f()
    mark("returned")
    return deaths(), r.name


def exc_refs(n):
    out = []
    def f(o):
        x = o
        raise ValueError(o)
    for i in range(n):
        o = Loud(f"o{i}")
        try: f(o)
        except ValueError as e:
            out.append((sys.getrefcount(o), sys.getrefcount(e)))
            tb = e.__traceback__
        mark("after except")
        o = None
        mark("o gone")
        tb = None
        mark("tb gone")
    return out, deaths()


def cells(n):
    x = Loud("x0")
    def get(): return x
    def put(v):
        nonlocal x
        x = v
    out = []
    for i in range(n):
        y = x
        out.append(sys.getrefcount(x))
        put(Loud(f"x{i+1}"))
        out.append((sys.getrefcount(y), get() is x))
        del y
        mark(i)
    return out, deaths()


def aug(n):
    class A:
        def __init__(s, v): s.v = v
        def __iadd__(s, o): mark(f"iadd {sys.getrefcount(s)}"); return s
        def __add__(s, o): mark("add"); return A(s.v + 1)
    a = A(1)
    d = {"k": a}
    l = [a]
    class H: pass
    h = H(); h.x = a
    for i in range(n):
        a += 1
        d["k"] += 1
        l[0] += 1
        h.x += 1
    return deaths(), sys.getrefcount(a)


def ints(n):
    out = []
    for i in range(n):
        x = 10 ** 10 + i
        y = x
        z = x + 0
        out.append((x is y, z == x, sys.getrefcount(x)))
        f = 1.5 * i
        g = f
        out.append((f is g, [f][0] is g, {"k": f}["k"] is f, sys.getrefcount(f)))
    return out


def unpack_refs(n):
    out = []
    for i in range(n):
        t = ([1], [2], [3])
        a, *b = t
        out.append((sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(t), sys.getrefcount(b[0])))
        (p, q), r = (a, b), t
        out.append((sys.getrefcount(p), sys.getrefcount(q)))
    return out[-1], out[0], len(set(out))


def match_refs(n):
    out = []
    for i in range(n):
        match ([1], {"k": [2]}, [i]):
            case (a, {"k": b}, [0]): out.append(("0", sys.getrefcount(a), sys.getrefcount(b)))
            case (a, {"k": b, **r}, [*c]): out.append((sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(c), r))
    return out


def with_refs(n):
    class CM:
        def __enter__(s): return [sys.getrefcount(s)]
        def __exit__(s, *a): mark(f"exit {sys.getrefcount(s)} {[sys.getrefcount(x) for x in a if x]}")
    for i in range(n):
        with CM() as c, CM(): mark(str(c))
        try:
            with CM(): raise ValueError([1])
        except ValueError: pass
    return deaths()


def gen_refs(n):
    def g(o):
        x = o
        yield sys.getrefcount(o)
        yield sys.getrefcount(x)
    out = []
    for i in range(n):
        o = [i]
        out += list(g(o)) + [sys.getrefcount(o)]
        it = g(o)
        next(it)
        out.append(sys.getrefcount(o))
        del it
        out.append(sys.getrefcount(o))
    return out


def cmp_refs(n):
    class C:
        def __lt__(s, o): return sys.getrefcount(s), sys.getrefcount(o)
        def __eq__(s, o): return sys.getrefcount(s) * 10 + sys.getrefcount(o)
        def __contains__(s, o): mark(f"{sys.getrefcount(s)} {sys.getrefcount(o)}"); return True
        def __add__(s, o): return sys.getrefcount(s), sys.getrefcount(o)
        __radd__ = __sub__ = __or__ = __add__
        def __neg__(s): return sys.getrefcount(s)
        def __bool__(s): mark(sys.getrefcount(s)); return True
        def __getattr__(s, k): return sys.getrefcount(s)
        def __format__(s, f): return str(sys.getrefcount(s))
    c, d = C(), C()
    e = c
    out = []
    for i in range(n):
        x = [i]
        out.append((c < d, c < c, c == e, x in c, c + d, c + x, x + c, c - c, e | d, -c, not c, c.foo, f"{c}{e}", C() + C(), -C(), f"{C()}"))
    return out[n // 2:], deaths()


for f, a in [(refs, 4), (iters, 4), (zipped, 3), (swap, 4), (del_order, 1), (exc_refs, 3), (cells, 3), (aug, 3), (ints, 4), (unpack_refs, 4), (match_refs, 3), (with_refs, 2), (gen_refs, 3), (cmp_refs, 12)]:
    steady(f, a)

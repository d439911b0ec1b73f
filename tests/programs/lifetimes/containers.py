# When elements die: stores, deletions, slices, dict updates, sets, comprehension temporaries, container ends.
from probe import steady, Loud, mark, deaths


def lists():
    l = [Loud("0"), Loud("1"), Loud("2"), Loud("3")]
    l[0] = Loud("new0")
    mark("store")
    del l[1]
    mark("del")
    l[1:] = [Loud("s")]
    mark("slice")
    l += [Loud("plus")]
    l.pop()
    mark("pop")
    l.append(Loud("app"))
    l.clear()
    mark("clear")
    l.append(Loud("last"))
    l = None
    return deaths()


def dicts():
    d = {"a": Loud("a"), "b": Loud("b")}
    d["a"] = Loud("a2")
    mark("store")
    del d["b"]
    mark("del")
    d.update(a=Loud("a3"))
    mark("update")
    d |= {"a": Loud("a4")}
    mark("or")
    d.pop("a")
    d["x"], d["y"] = Loud("x"), Loud("y")
    d = {}
    mark("rebound")
    d.setdefault("q", Loud("q"))
    d.setdefault("q", Loud("unused"))
    mark("setdefault")
    return deaths()


def end_of_dicts():
    e = {Loud("key"): Loud("value"), 1: Loud("one")}
    del e
    t = (Loud("t1"), (Loud("t2"), Loud("t3")))
    t = t[1]
    mark("inner")
    t = None
    s = {Loud("only")}
    s.clear()
    return deaths()


def attributes():
    class O:
        pass

    o = O()
    o.a = Loud("a")
    o.b = Loud("b")
    o.a = Loud("a2")
    mark("store")
    del o.b
    mark("del")
    o.__dict__["a"] = Loud("a3")
    mark("dict")
    p = O()
    p.x, p.y, p.o = Loud("px"), Loud("py"), o
    o = None
    mark("o gone")
    p = None
    mark("p gone")
    return deaths()


class S:
    __slots__ = ("a", "b")


def slots():
    s = S()
    s.a, s.b = Loud("a"), Loud("b")
    s.a = Loud("a2")
    mark("store")
    del s.a
    mark("del")
    s = None
    return deaths()


def comprehension():
    n = [Loud(f"c{i}").name for i in range(3)]
    mark("made")
    m = [x for x in [Loud("k1"), Loud("k2")] if x.name == "k2"]
    mark("filtered")
    m = None
    d = {Loud(f"d{i}").name: i for i in range(2)}
    return deaths()


def bound_methods():
    m = Loud("self").__repr__
    mark("bound")
    m = None
    mark("gone")
    k = [Loud("el").name.upper() for _ in range(1)]
    return deaths()


def resurrect():
    kept = []

    class Z:
        def __del__(self):
            mark("del Z")
            kept.append(self)

    Z()
    mark(str(len(kept)))
    kept.clear()
    mark("cleared")
    return deaths()


def del_raises():
    import sys

    class Bad:
        def __del__(self):
            raise ValueError("in del")

    old, sys.unraisablehook = sys.unraisablehook, lambda u: mark(f"unraisable {u.exc_value}")
    Bad()
    x = Bad()
    x = None
    mark("after")
    sys.unraisablehook = old
    return deaths()


for f in (lists, dicts, end_of_dicts, attributes, slots, comprehension, bound_methods, resurrect, del_raises):
    steady(f)

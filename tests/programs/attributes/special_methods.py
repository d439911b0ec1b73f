# Special methods are looked up on the type; changed at run time; missing; of wrong results.
from probe import steady, outcome, mark, deaths


class S:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if isinstance(i, slice):
            return ("slice", i.start, i.stop, i.step)
        if i >= self.n:
            raise IndexError(i)
        return i * 10

    def __setitem__(self, i, v):
        mark(f"[{i}]={v}")

    def __delitem__(self, i):
        mark(f"del[{i}]")

    def __contains__(self, x):
        return x == "in" and "truthy"

    def __bool__(self):
        return self.n > 1

    def __neg__(self):
        return "neg"

    def __invert__(self):
        return "inv"

    def __call__(self, *a, **k):
        return a, k

    def __format__(self, spec):
        return f"<{spec}>"

    def __enter__(self):
        mark("enter")
        return self

    def __exit__(self, *e):
        mark("exit")

    def __hash__(self):
        return self.n

    def __eq__(self, o):
        return True


def use():
    s = S(3)
    s[1] = 2
    s[1:2] = "sl"
    del s[0]
    del s[::2]
    with s as t:
        pass
    d = {s: 1}
    return (
        len(s),
        s[1],
        s[1:],
        s[:2],
        s[::3],
        "in" in s,
        "out" in s,
        "out" not in s,
        bool(s),
        not s,
        -s,
        ~s,
        s(1, k=2),
        f"{s:abc}{s}",
        list(s),
        d[S(3)],
        [*s],
        t is s,
    )


def instance_level():
    s = S(2)
    s.__len__ = lambda: 99
    s.__call__ = lambda: "no"
    return len(s), s()


def changed(n):
    class T:
        def __getitem__(self, i):
            return i

        def __len__(self):
            return 1

    t = T()
    out = []
    for i in range(n):
        try:
            out.append((t[i], len(t), not t))
        except TypeError as error:
            out.append(str(error))
        if i == 4:
            T.__getitem__ = lambda self, i: "other"
        if i == 6:
            del T.__getitem__
        if i == 8:
            T.__len__ = lambda self: "bad"
        if i == 9:
            T.__getitem__ = list.__len__
        if i == 10:
            del T.__len__
    return out


steady(use)
print(deaths())
steady(instance_level)
steady(changed, 13)

# sys.getrefcount of arguments and receivers at calls: what an extension module would see.
import sys
from probe import steady


def seen(x):
    return sys.getrefcount(x)


def pass_on(x):
    return seen(x)


class C:
    def me(self):
        return sys.getrefcount(self)

    def arg(self, x):
        return sys.getrefcount(x)


def star(*args):
    return sys.getrefcount(args), sys.getrefcount(args[0])


def kw(**k):
    return sys.getrefcount(k)


def counts():
    x = object()
    y = [x]
    c = C()
    m = c.me
    return (
        sys.getrefcount(x),
        seen(x),
        pass_on(x),
        seen(object()),
        pass_on(object()),
        c.me(),
        c.arg(x),
        m(),
        C().me(),
        star(x),
        star(object()),
        kw(a=1),
        sys.getrefcount(y),
        sys.getrefcount([]),
        seen([]),
    )


def in_loop():
    out = []
    for i in range(3):
        x = (i, "t")
        z = [x]
        out.append(sys.getrefcount(x))
        out.append(seen(x))
        for q in z:
            out.append(sys.getrefcount(q))
            out.append(seen(q))
    return out


steady(counts)
steady(in_loop)

# Properties with getter, setter, deleter; errors inside; replaced at run time; on subclasses.
from probe import steady, outcome


class P:
    def __init__(self):
        self._x = 1
        self.reads = 0

    @property
    def x(self):
        self.reads += 1
        return self._x

    @x.setter
    def x(self, v):
        if v < 0:
            raise ValueError("negative")
        self._x = v

    @x.deleter
    def x(self):
        self._x = "deleted"

    @property
    def readonly(self):
        return self.x + 1

    @property
    def broken(self):
        return self.nothing


def use(n):
    p = P()
    for i in range(n):
        p.x = p.x + i
    p.x += 1
    r = p.x, p.readonly, p.reads
    del p.x
    return r, p.x


def swap(n):
    out = []
    p = P()
    for i in range(n):
        out.append(p.readonly)
        if i == 4:
            P.readonly = property(lambda self: "swapped")
        if i == 7:
            P.readonly = "plain"
        if i == 9:
            p.readonly = "instance"
    P.readonly = original
    return out


original = P.__dict__["readonly"]
steady(use, 30)
steady(swap, 14)
print(outcome(lambda: setattr(P(), "x", -1)))
print(outcome(lambda: setattr(P(), "readonly", 1)))
print(outcome(lambda: delattr(P(), "readonly")))
print(outcome(lambda: P().broken))
print(type(P.x).__name__, P.x.fget(P()))

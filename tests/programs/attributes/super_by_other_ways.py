# super() without arguments under other names, through C code and derived classes, with the first argument in a cell,
# rebound, deleted.
import functools
from probe import steady, outcome

another = super
through_c = functools.partial(super)


class Mine(super):
    pass


class Derived(Mine):
    pass


class A:
    def m(self, n):
        return "A", n


class B(A):
    def renamed(self, n):
        total = 0
        for i in range(n):
            total += another().m(i)[1]
        __class__
        return total

    def partial(self, n):
        total = 0.5
        for i in range(n):
            total += through_c().m(i)[1]
        __class__
        return total

    def own(self, n):
        __class__
        return Mine().m(n)

    def by_slot(self, n):
        __class__
        made = super.__new__(super)
        super.__init__(made)
        return made.m(n), Derived().m(n)

    def in_cell(self, n):
        return [super().m(i) for i in range(n)], (lambda: self)() is self, super().m(n)

    def rebound(self, n):
        out = []
        for i in range(n):
            out.append(super().m(i))
            if i == 2:
                self = B()
            if i == 4:
                self = i
        return out

    def gone(self, n):
        for i in range(n):
            super().m(i)
            if i == 2:
                del self

    def lost_class(self, n):
        nonlocal_class(n)
        return super().m(n)

    @staticmethod
    def none():
        return super().m(1)

    @classmethod
    def of_class(cls, n):
        return super().__init_subclass__()


def nonlocal_class(n):
    return super()


def without(n):
    another()


# The memory of the next frame held other things before.
used = compile("x, (x, (x, (x, (x, (x, x)))))", "used", "eval")


def over_used_memory(method, n):
    eval(used, {"x": 7})
    return method(n)


b = B()
for name in ("renamed", "partial", "own", "by_slot", "in_cell", "rebound", "gone", "lost_class", "of_class"):
    steady(getattr(b, name), 6)
for name in ("renamed", "partial", "own", "by_slot"):
    steady(over_used_memory, getattr(b, name), 6)
steady(b.none)
steady(without, 1)

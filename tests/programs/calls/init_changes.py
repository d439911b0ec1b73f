# __init__ and __new__ replaced while a loop that makes instances is running.
from probe import steady


class P:
    def __init__(self, x):
        self.x = x


def other_init(self, x):
    self.x = -x


first_init = P.__init__


def loop(n):
    out = []
    for i in range(n):
        out.append(P(i).x)
        if i == 5:
            P.__init__ = other_init
        elif i == 9:
            P.__new__ = lambda cls, x: object.__new__(cls)
        elif i == 13:
            P.__init__ = first_init
        elif i == 17:
            del P.__new__
    P.__init__ = first_init
    return out


class Q:
    pass


def grows(n):
    out = []
    for i in range(n):
        q = Q()
        out.append(getattr(q, "v", None))
        if i == 4:
            Q.__init__ = lambda self: setattr(self, "v", "set")
        if i == 8:
            del Q.__init__
    return out


steady(loop, 20)
steady(grows, 12)

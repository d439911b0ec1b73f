"""Keywords that name parameters of a known function: bound when the call is compiled."""


def log(name, value):
    order.append(name)
    return value


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        order.append(f"~{self.name}")


def plain(a, b=2, c=3):
    return a, b, c


def only(a, /, b, c=3):
    return a, b, c


def after(a, b=2, *, k=5):
    return a, b, k


class Thing:
    def method(self, a, b=2, c=3):
        return a, b, c

    @classmethod
    def made(cls, a, b=2):
        return cls.__name__, a, b

    @staticmethod
    def static(a, b=2):
        return a, b


def calls(thing, i):
    return (
        plain(i, b=1),
        plain(c=1, a=i),
        plain(c=log("c", i), b=log("b", i), a=log("a", i)),
        only(i, c=1, b=2),
        after(i, k=i),
        after(b=i, a=0, k=1),
        thing.method(i, c=i),
        thing.method(c=1, b=2, a=i),
        thing.made(b=i, a=1),
        Thing.static(b=i, a=1),
        Thing.method(thing, b=i, a=1),
        Thing.method(self=thing, a=i),
    )


def refused(i):
    out = []
    for call in (
        lambda: plain(i, a=1),
        lambda: plain(b=i),
        lambda: plain(i, d=1),
        lambda: only(a=1, b=i),
        lambda: after(i, k=1, j=2),
        lambda: Thing().method(1, 2, 3, c=i),
    ):
        try:
            out.append(call())
        except TypeError as error:
            out.append(str(error))
    return out


def dying(i):
    def inner(a, b, c=None):
        order.append("in")
        a = None
        order.append("a gone")
        return i

    result = inner(c=Noisy("c"), a=Noisy("a"), b=Noisy("b"))
    order.append("back")
    return result


def by_number(i):
    return plain(i, c=i)


order = []
thing = Thing()
for i in range(300):
    last = calls(thing, i)
    errors = refused(i)
    dying(i)
    if i % 60 == 0:
        print(last, errors, sep="\n")
        print(order[-12:])
print(len(order))

for change in range(9):
    # The function is the same object all along; what the call leaves out is not.
    if change == 1:
        plain.__defaults__ = (20, 30)
    if change == 2:
        plain.__defaults__ = (1, 20, 30)
    if change == 3:
        plain.__defaults__ = (30,)
    if change == 4:
        plain.__defaults__ = (2, 3)
    if change == 5:
        plain.__code__ = (lambda c, b=0, a=0: ("turned", c, b, a)).__code__
    if change == 6:
        plain.__code__ = (lambda a, x=0, c=0: ("other", a, x, c)).__code__
    if change == 7:
        plain.__defaults__ = (9, 8, 7, 6, 5)   # more than there are parameters
    if change == 8:
        plain = lambda a, b=7, c=8: ("new", a, b, c)
    for i in range(300):
        try:
            got = by_number(i)
        except TypeError as error:
            got = str(error)
        if i in (0, 150, 299):
            print(change, got)

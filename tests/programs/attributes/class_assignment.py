# __class__ and __dict__ assigned on living objects.
from probe import steady, outcome


class A:
    def who(self):
        return "A", self.v


class B:
    def who(self):
        return "B", self.v


class S:
    __slots__ = ("v",)


def switch(n):
    o = A()
    o.v = 0
    out = []
    for i in range(n):
        out.append(o.who())
        if i == 4:
            o.__class__ = B
        if i == 8:
            o.__dict__ = {"v": "new dict"}
        if i == 10:
            o.__dict__["v"] = "written through"
        if i == 12:
            o.__class__ = A
            o.v = 1.5
    return out, sorted(o.__dict__)


def materialised(n):
    o = A()
    o.v = 0
    d = o.__dict__
    for i in range(n):
        o.v += 1
        if i % 4 == 0:
            d["v"] += 100
        if i % 6 == 0:
            d[f"k{i}"] = i
    return o.v, d["v"], len(d), d is o.__dict__


def cleared():
    o = A()
    o.v = 1
    o.__dict__.clear()
    try:
        return o.v
    except AttributeError as error:
        return str(error)


def shared():
    a, b = A(), A()
    a.__dict__ = b.__dict__
    a.v = 1
    b.v += 1
    return a.v, b.v


steady(switch, 16)
steady(materialised, 30)
steady(cleared)
steady(shared)
print(
    outcome(lambda: setattr(A(), "__class__", S)),
    outcome(lambda: setattr(A(), "__dict__", 5)),
    outcome(lambda: setattr(5, "__class__", A)),
)

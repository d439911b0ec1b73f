# Method resolution through deep and diamond hierarchies, changed at every level while loops run.
from probe import steady


class Base:
    tag = "base"

    def who(self):
        return "Base"

    def call(self):
        return self.who() + "/" + self.tag


class Left(Base):
    def who(self):
        return "Left>" + super().who()


class Right(Base):
    tag = "right"

    def who(self):
        return "Right>" + super().who()


class Both(Left, Right):
    def who(self):
        return "Both>" + super().who()


def calls(objects):
    return [o.call() for o in objects]


def changing(n):
    out = []
    o = Both()
    saved = Right.who, Base.tag
    for i in range(n):
        out.append(o.call())
        if i == 3:
            Right.who = lambda self: "patched"
        if i == 5:
            del Right.tag
        if i == 7:
            Base.tag = "new base"
        if i == 9:
            Left.tag = "left"
        if i == 11:
            o.tag = "own"
        if i == 13:
            o.__class__ = Right
    Right.who, Base.tag = saved
    Right.tag = "right"
    del Left.tag
    return out


def new_subclasses(n):
    out = []
    for i in range(n):
        cls = type(f"Sub{i}", (Both if i % 2 else Left,), {"tag": i if i % 3 == 0 else str(i)})
        try:
            out.append(cls().call())
        except TypeError as e:
            out.append(str(e))
    return out


steady(calls, [Base(), Left(), Right(), Both()] * 3)
steady(changing, 16)
steady(new_subclasses, 8)

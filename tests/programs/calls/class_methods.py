"""Classmethods, through classes and instances, in hot code: no bound method is made, and nothing else is different."""


class Meta(type):
    def named(cls, a):
        return "meta", cls.__name__, a


class Base:
    made = 0

    def __init__(self, value=0):
        self.value = value

    @classmethod
    def make(cls, value):
        cls.made += 1
        return cls(value)

    @classmethod
    def name(cls):
        return cls.__name__

    @classmethod
    def add(cls, a, b=1, *rest, c=3):
        return cls.__name__, a, b, rest, c

    @staticmethod
    def fixed(a):
        return "fixed", a

    def again(self, value):
        return self.make(value).value + self.__class__.make(1).value

    odd = classmethod(len)


class Derived(Base):
    @classmethod
    def name(cls):
        return "derived " + super().name()


class WithMeta(metaclass=Meta):
    @classmethod
    def named(cls, a):
        return "own", cls.__name__, a

    @classmethod
    def other(cls, a):
        return "other", cls.__name__, a


class Slots(Base):
    __slots__ = ("x",)


def through(cls, n):
    out = []
    for i in range(n):
        out.append((cls.make(i).value, cls.name(), cls.add(i), cls.add(i, 2, 4, c=i), cls.fixed(i)))
    return out[-1]


def instances(objects, n):
    out = None
    for i in range(n):
        for o in objects:
            out = o.again(i), o.name(), o.add(i), o.add(b=1, a=i), o.fixed(i)
    return out


def metas(n):
    for i in range(n):
        out = WithMeta.named(i), WithMeta.other(i), WithMeta().named(i)
    return out


def lengths(n):
    for i in range(n):
        try:
            Base.odd()
        except TypeError as error:
            out = str(error)
    return out


for turn in range(3):
    print(through(Base, 800), through(Derived, 800), through(Slots, 300), Base.made, Derived.made)
    print(instances([Base(1), Derived(2), Slots(3)], 600))
    print(metas(800), lengths(300))


def mixed(things, n):
    for i in range(n):
        out = [t.name() for t in things]
    return out


class Plain:
    def name(self):
        return "plain method"


class Loose:
    pass


loose = Loose()
loose.name = lambda: "in the instance"
print(mixed([Base, Derived(), Plain(), loose, Slots(), Derived], 500))

# What hides it, and what replaces it, while the loop is hot.
late = Derived(5)
for step in range(900):
    got = late.name(), Derived.name(), Derived.add(step)
    if step == 300:
        late.name = lambda: "hidden"
    if step == 500:
        Derived.name = classmethod(lambda cls: ("replaced", cls.__name__))
    if step == 600:
        Derived.add = lambda *a: ("a function", a)
    if step == 700:
        del late.name
        del Derived.name
    if step == 800:
        Meta.made_up = 1
        Derived.add = Derived().again
    if step in (299, 301, 501, 601, 701):
        print(step, got)
    if step == 799:
        break
try:
    for i in range(500):
        Base.make(i) if i < 490 else Base.make()
except TypeError as error:
    print(error)
for method in (Base.make, Derived().name):
    print(type(method).__name__, method.__self__.__name__, method.__func__.__qualname__)

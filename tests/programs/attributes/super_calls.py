# super() with and without arguments, in class methods, properties, closures, comprehensions, multiple inheritance.
from probe import steady, outcome, show


class A:
    x = "A.x"

    def m(self, n=0):
        return ["A", n]

    @classmethod
    def c(cls):
        return ["A.c", cls.__name__]

    @property
    def p(self):
        return "A.p"


class B(A):
    x = "B.x"

    def m(self, n=0):
        return ["B"] + super().m(n + 1) + [super().x]

    @classmethod
    def c(cls):
        return ["B.c"] + super().c()

    @property
    def p(self):
        return "B." + super().p


class C(A):
    def m(self, n=0):
        return ["C"] + super(C, self).m(n * 2)


class D(B, C):
    def m(self, n=0):
        s = super()
        return ["D"] + s.m(n=n) + [super().__thisclass__.__name__]

    def in_closure(self):
        def inner():
            return super(D, self).x, __class__.__name__

        return inner()

    def in_comprehension(self):
        return [super(D, self).x for _ in range(2)] + [super().x for _ in range(1)]

    def no_attribute(self):
        return super().nothing

    def deleted_self(self):
        del self
        return super().m()

    def rebound_self(self):
        self = 5
        return super().m()

    @staticmethod
    def static():
        return super().m()


def loop(objects):
    out = []
    for o in objects:
        out += o.m(1)
    return out


for name in ("m", "c", "in_closure", "in_comprehension", "no_attribute", "deleted_self", "rebound_self", "static"):
    steady(getattr(D(), name))
steady(loop, [D(), B(), C(), A(), D(), B()])
show(D().p, B().p, outcome(super), outcome(lambda: super(B, 5)), outcome(lambda: super(B, A()).m()))


def shadowed():
    super = lambda: A()
    return super().m(5)


steady(shadowed)


class Meta(type):
    def __call__(cls, *a):
        return super().__call__(*a), "meta"


class Z(metaclass=Meta):
    def __init_subclass__(cls, **kw):
        super().__init_subclass__()
        cls.kw = kw


class Y(Z, tag=1):
    pass


steady(lambda: (Y()[1], Y.kw))

# Metaclasses: __prepare__, __new__, __init__, attributes and properties of classes, __instancecheck__.
from probe import steady, mark, deaths, outcome


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        mark(f"prepare {name} {kw}")
        return {"prepared": True}

    def __new__(mcs, name, bases, ns, **kw):
        mark(f"new {name} {[k for k in ns if not k.startswith('__')]}")
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        mark(f"init {name}")

    @property
    def label(cls):
        return "label of " + cls.__name__

    def __getattr__(cls, name):
        return f"{cls.__name__}?{name}"

    def __instancecheck__(cls, obj):
        return obj == 5

    def __len__(cls):
        return 7

    def __iter__(cls):
        return iter("meta")

    def __getitem__(cls, k):
        return ("item", k)

    def __contains__(cls, x):
        return x == 1


def make():
    class A(metaclass=Meta, flag=1):
        x = 1

        def f(self):
            return __class__

    class B(A):
        y = 2

    return (
        A.label,
        B.label,
        B.zzz,
        isinstance(5, A),
        isinstance(A(), B),
        len(B),
        list(A),
        A[3],
        1 in B,
        A.prepared,
        A().f() is A,
        type(B).__name__,
    )


steady(make)
print(deaths())


class Registry(dict):
    def __missing__(self, name):
        if name.startswith("_"):
            raise KeyError(name)
        return name.upper()


class Magic(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Registry()

    def __new__(mcs, name, bases, ns):
        return super().__new__(mcs, name, bases, dict(ns))


def magic():
    class M(metaclass=Magic):
        a = undefined_name
        b = a + other

    return M.a, M.b


steady(magic)
print(outcome(lambda: type("X", (int, str), {})), outcome(lambda: type("X", (5,), {})))

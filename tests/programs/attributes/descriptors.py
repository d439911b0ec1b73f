# Data and non-data descriptors, __set_name__, priority against the instance dictionary.
from probe import steady, mark, deaths, outcome


class Data:
    def __set_name__(self, owner, name):
        mark(f"name {owner.__name__}.{name}")
        self.name = name

    def __get__(self, obj, owner):
        return ("get", self.name, obj is None, owner.__name__)

    def __set__(self, obj, value):
        mark(f"set {self.name}={value}")

    def __delete__(self, obj):
        mark(f"del {self.name}")


class NonData:
    def __get__(self, obj, owner):
        return ("nondata", obj is None)


class SetOnly:
    def __set__(self, obj, value):
        obj.__dict__["so"] = value * 2


class C:
    d = Data()
    n = NonData()
    so = SetOnly()


def use():
    c = C()
    out = [c.d, C.d, c.n, C.n]
    c.d = 1
    c.__dict__["d"] = "hidden"
    out.append(c.d)
    del c.d
    c.n = "shadow"
    out.append(c.n)
    del c.n
    out.append(c.n)
    out.append(type(c.so).__name__)
    c.so = 21
    out.append(c.so)
    return out


def becomes_data(n):
    c = C()
    c.n = "instance"
    out = []
    for i in range(n):
        out.append(c.n)
        if i == 3:
            NonData.__set__ = lambda self, obj, value: None
        if i == 6:
            del NonData.__set__
    return out


print(deaths())
steady(use)
print(deaths())
steady(becomes_data, 9)

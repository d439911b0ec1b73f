# What match asks of its subject: length, items, keys, get, isinstance hooks; collections.abc registrations.
import collections.abc
from probe import steady, mark, deaths


class Seq(collections.abc.Sequence):
    def __init__(self, *v):
        self.v = v

    def __len__(self):
        mark("len")
        return len(self.v)

    def __getitem__(self, i):
        mark(f"get{i}")
        return self.v[i]


class Map(collections.abc.Mapping):
    def __getitem__(self, k):
        mark(f"item {k}")
        if k == "missing":
            raise KeyError(k)
        return k * 2

    def __iter__(self):
        mark("iter")
        return iter(["a", "b"])

    def __len__(self):
        return 2

    def get(self, k, d=None):
        mark(f"get {k}")
        return d if k == "missing" else k * 2


class Meta(type):
    def __instancecheck__(cls, o):
        mark(f"check {type(o).__name__}")
        return o == 7


class Seven(metaclass=Meta):
    pass


def match_it(v):
    match v:
        case Seven():
            r = "seven"
        case [1, 2]:
            r = "12"
        case [a, *_, 9]:
            r = "ends with 9", a
        case {"missing": _}:
            r = "never"
        case {"a": "aa", **rest}:
            r = "map", sorted(rest)
        case _:
            r = "none"
    return r, deaths()


for v in (7, Seq(1, 2), Seq(1, 3), Seq(4, 5, 9), Map(), "12", b"12", bytearray(b"12"), range(1, 3), {1: 2}.items()):
    steady(match_it, v)

# dataclasses, enums, namedtuples, SimpleNamespace and typing classes made and used in loops.
import collections
import dataclasses
import enum
import types
import typing
from probe import steady, outcome


@dataclasses.dataclass(order=True)
class P:
    x: int
    y: float = 2.0
    tags: list = dataclasses.field(default_factory=list, compare=False)

    def __post_init__(self):
        self.x += 1


@dataclasses.dataclass(frozen=True, slots=True)
class Q:
    a: int
    b: str = "b"


class E(enum.Enum):
    A = 1
    B = 2
    ALIAS = 1

    def nice(self):
        return self.name.lower()


class Fl(enum.Flag):
    R = enum.auto()
    W = enum.auto()


class N(enum.IntEnum):
    ONE = 1
    TWO = 2


T = collections.namedtuple("T", "u v", defaults=[5])


class NT(typing.NamedTuple):
    k: int
    m: str = "m"


def data(n):
    ps = [P(i, -i) for i in range(n)]
    return (
        sorted(ps)[0],
        max(ps),
        ps[0] == P(0, 0),
        dataclasses.replace(ps[1], y=9.0),
        dataclasses.asdict(ps[2]),
        dataclasses.astuple(Q(1)),
    )


def frozen():
    q = Q(1)
    q.a = 2


def enums():
    return (
        [e.nice() for e in E],
        E(2),
        E["A"] is E.ALIAS,
        Fl.R | Fl.W,
        bool(Fl.R & Fl.W),
        N.ONE + 1,
        N.TWO == 2,
        {E.A: 1}[E.ALIAS],
    )


def tuples(n):
    total = 0
    for i in range(n):
        t = T(i)
        k = NT(i)
        u, v = t
        total += u + v + t.u + k.k + len(k.m) + t[1]
    return total, T(1)._replace(v=3), NT(1)._asdict()


def spaces():
    s = types.SimpleNamespace(a=1)
    s.b = 2
    return s, s == types.SimpleNamespace(a=1, b=2)


steady(data, 4)
steady(frozen)
steady(enums)
steady(tuples, 30)
steady(spaces)
print(outcome(E, 9), outcome(P), outcome(T), outcome(lambda: T(1, 2, 3)), outcome(lambda: Q(1).__dict__))

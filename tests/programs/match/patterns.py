# match: literals, captures, sequences, mappings, classes, or-patterns, guards, as, values, nested.
import enum
from dataclasses import dataclass
from probe import steady, outcome, mark, deaths


@dataclass
class Point:
    x: int
    y: int


class Args:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


class Color(enum.Enum):
    RED = 1
    BLUE = 2


def classify(v):
    match v:
        case 0 | 1:
            return "small"
        case -1:
            return "minus one"
        case 2.5:
            return "float"
        case "text" | b"bytes":
            return "string"
        case None:
            return "none"
        case True | False:
            return "bool"
        case Color.RED:
            return "red"
        case []:
            return "empty sequence"
        case [x]:
            return "one", x
        case [1, *rest]:
            return "starts with 1", rest
        case (a, b) if a == b:
            return "pair of equals", a
        case [a, [b, *_], c]:
            return "nested", a, b, c
        case {"kind": "a", "value": v2, **rest}:
            return "mapping", v2, rest
        case {"kind": str() as k}:
            return "kind", k
        case {}:
            return "any mapping"
        case Point(x=0, y=y):
            return "on y axis", y
        case Point(x, y) if x > y:
            return "below", x, y
        case Args(1, b=b):
            return "args", b
        case int(n) | float(n):
            return "number", n
        case str(s):
            return "str", s
        case Point() | Args() as obj:
            return "object", type(obj).__name__
        case _:
            return "other", type(v).__name__


VALUES = [
    0,
    1,
    True,
    -1,
    2.5,
    7,
    1.0,
    "text",
    b"bytes",
    "zz",
    None,
    Color.RED,
    Color.BLUE,
    [],
    (),
    [5],
    [1, 2, 3],
    (1,),
    (4, 4),
    [3, [4, 5], 6],
    (3, [], 6),
    {"kind": "a", "value": 1, "z": 2},
    {"kind": "b"},
    {"kind": 5},
    {},
    {"k": 1},
    Point(0, 3),
    Point(5, 2),
    Point(1, 2),
    Args(1, 2),
    Args(2, 1),
    set(),
    1j,
    range(2),
    "ab",
]


def all_values():
    return [classify(v) for v in VALUES]


steady(all_values)


def bindings(v):
    match v:
        case [a, b, c] if mark("guard") or False:
            return "never"
        case [a, b, *c]:
            pass
        case {"a": a}:
            b = "mapping"
        case _:
            return "nothing bound"
    return a, b, "c" in locals(), deaths()


for v in ([1, 2], [1, 2, 3], {"a": 5}, 5):
    steady(bindings, v)


class Odd:
    __match_args__ = ("p",)

    @property
    def p(self):
        mark("read p")
        return 1


class BadArgs:
    __match_args__ = [1]


class NoArgs:
    pass


def classes(v):
    match v:
        case Odd(p=1):
            return "odd", deaths()
        case BadArgs(1):
            return "bad"
        case NoArgs(1):
            return "no"
    return "none"


for v in (Odd(), BadArgs(), NoArgs(), 3):
    steady(classes, v)


def loop(commands):
    x = y = 0
    for c in commands:
        match c.split():
            case ["go", ("n" | "s") as d]:
                y += 1 if d == "n" else -1
            case ["go", ("e" | "w") as d]:
                x += 1 if d == "e" else -1
            case ["jump", n]:
                x += int(n)
            case ["stop"]:
                break
            case [other, *_]:
                x += len(other) * 100
    return x, y


steady(loop, ["go n", "go e", "jump 5", "what ever", "go s", "go s", "stop", "jump 9"])


def duplicate(v):
    match v:
        case Args(1, a=2):
            return 1


def wrong_type(v):
    Int = 5
    match v:
        case Int():
            return 1


def too_many(v):
    match v:
        case Point(1, 2, 3):
            return 1


for f in (duplicate, wrong_type, too_many):
    print(outcome(f, Args(1, 2)), outcome(f, Point(1, 2)))

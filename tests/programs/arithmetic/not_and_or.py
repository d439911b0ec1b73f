# Truth: and/or give operands, not asks __bool__ or __len__, with their errors.
from probe import show, steady, outcome, mark, deaths


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        mark(f"len{self.n}")
        return self.n


class Odd:
    def __bool__(self):
        return 2


class Plain:
    def __repr__(self):
        return "<plain>"


def logic(a, b):
    return a and b, a or b, not a, bool(a), 1 if a else 2


def loop(values):
    out = []
    for v in values:
        if v:
            out.append("t")
        elif not v:
            out.append("f")
        while v:
            out.append("w")
            break
    return "".join(out)


VALUES = [
    0,
    1,
    -1,
    2**70,
    0.0,
    -0.0,
    float("nan"),
    "",
    "a",
    [],
    [0],
    (),
    (1,),
    {},
    {1: 2},
    set(),
    None,
    ...,
    b"",
    0j,
    range(0),
    range(1),
    Plain(),
    True,
    False,
]
for a in VALUES:
    show(logic(a, "other"))
for n in (0, 3):
    print(outcome(lambda: Sized(n) and 1).split("object")[0], deaths(), outcome(lambda: not Sized(n)), deaths())
print(outcome(logic, Sized(-1), 1), outcome(logic, Sized("x"), 1), outcome(logic, Odd(), 1))
steady(loop, VALUES)

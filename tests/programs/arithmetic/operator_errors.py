# The exact message of each unsupported operand, for each operator, plain and in place.
from probe import outcome


class Thing:
    pass


def make(op):
    space = {}
    exec(f"def plain(a, b):\n    return a {op} b\ndef inplace(a, b):\n    a {op}= b\n    return a\n", space)
    return space["plain"], space["inplace"]


for op in "+ - * / // % ** << >> & | ^ @".split():
    plain, inplace = make(op)
    for a, b in ((1, "s"), ("s", None), ([], {}), (Thing(), 1), (1, Thing()), (1.5, b""), ((), [])):
        for function in (plain, inplace):
            text = outcome(function, a, b)
            print(op, type(a).__name__, type(b).__name__, text)

for source in ("-'a'", "+[]", "~1.5", "not None", "-Thing()", "[1] < 1", "{} < {}", "Thing() < Thing()", "1 in 5"):
    print(source, outcome(eval, source))

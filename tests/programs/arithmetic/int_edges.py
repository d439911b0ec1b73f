# Integer + - * at the edges where a digit, a tagged small int or a machine word ends.
from probe import show, steady

EDGES = [
    0,
    1,
    -1,
    255,
    256,
    257,
    -5,
    -6,
    2**15,
    2**29,
    2**30 - 1,
    2**30,
    2**30 + 1,
    2**31 - 1,
    2**31,
    2**32,
    2**60 - 1,
    2**60,
    2**60 + 1,
    2**62,
    2**63 - 1,
    2**63,
    2**63 + 1,
    2**64 - 1,
    2**64,
    2**64 + 1,
    2**90,
    2**128,
]
EDGES += [-e for e in EDGES]


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def table(op):
    total = 0
    for a in EDGES:
        for b in EDGES:
            r = op(a, b)
            total = (total * 31 + r) % (2**89 - 1)
    return total


for op in (add, sub, mul):
    steady(table, op)
    for a in (2**62, 2**63 - 1, -(2**63), 2**31):
        for b in (1, -1, 2**62, -(2**63)):
            show(op(a, b))

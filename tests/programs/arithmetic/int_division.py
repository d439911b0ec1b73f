# Floor division and modulo: every sign, the overflow of the smallest word, and division by zero.
from probe import steady, outcome, show

VALUES = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    7,
    -7,
    10,
    2**30,
    -(2**30),
    2**31 - 1,
    2**60,
    -(2**60),
    2**62,
    2**63 - 1,
    -(2**63),
    2**63,
    2**64,
    -(2**64),
    2**100,
    True,
    False,
]


def floordiv(a, b):
    return a // b


def modulo(a, b):
    return a % b


def true_division(a, b):
    return a / b


def both(a, b):
    return a // b * b + a % b == a


def table(op):
    rows = []
    for a in VALUES:
        for b in VALUES:
            rows.append(outcome(op, a, b))
    return hash(tuple(rows)), rows[:40:3], rows[-40::3]


for op in (floordiv, modulo, true_division, both):
    steady(table, op)
for op in (floordiv, modulo, true_division):
    show(outcome(op, -(2**63), -1), outcome(op, 2**63, -1), outcome(op, 2**400, 3**100))
    show(outcome(op, 10**400, 7) if op is not true_division else outcome(op, 10**400, 7.0))
    show(outcome(op, 7.5, 0), outcome(op, 7, 0.0), outcome(op, 1, "x"), outcome(op, None, 1))

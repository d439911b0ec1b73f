# One operator site which sees int, float, complex, Fraction, Decimal, bool, str and lists in turn.
from decimal import Decimal
from fractions import Fraction
from probe import show, outcome

OPERANDS = [3, 2.5, 1 + 2j, Fraction(1, 3), Decimal("1.1"), True, "ab", [1, 2], (3,), b"xy", 2**70, None]


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def div(a, b):
    return a / b


for op in (add, sub, mul, div):
    for a in OPERANDS:
        for b in OPERANDS:
            print(op.__name__, outcome(op, a, b))

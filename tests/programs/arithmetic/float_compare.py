# Comparisons with nan, of ints with floats beyond 2**53, and sorting by them.
import math
from probe import show, steady

VALUES = [
    0,
    0.0,
    -0.0,
    1,
    1.0,
    2**53,
    float(2**53),
    2**53 + 1,
    2**63,
    float(2**63),
    2**1100,
    math.inf,
    -math.inf,
    math.nan,
    True,
    -(2**1100),
    0.5,
]


def compare(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


def branch(a, b):
    out = ""
    if a < b:
        out += "<"
    if a <= b:
        out += "{"
    if a == b:
        out += "="
    if a != b:
        out += "!"
    if a > b:
        out += ">"
    if a >= b:
        out += "}"
    if not a < b:
        out += "n"
    return out


for a in VALUES:
    print([branch(a, b) for b in VALUES])
    show(tuple(compare(a, b) for b in VALUES))


def nan_loop(n):
    nan = math.nan
    kept = 0
    x = 0.0
    while not x >= nan and kept < n:
        x += 1.0
        kept += 1
    return kept, nan is nan, nan == nan, nan in [nan], [nan] == [nan]


steady(nan_loop, 50)

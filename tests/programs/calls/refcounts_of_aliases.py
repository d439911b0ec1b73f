# sys.getrefcount of a value that two locals hold.
# test: known=compiled code holds one reference for a value, however many locals show it; an argument is counted once
import sys
from probe import steady


def seen(v):
    return sys.getrefcount(v)


def floats():
    x = 2.5
    x = x * 3.25
    y = x
    return sys.getrefcount(x), seen(x), seen(x + 1.0), [sys.getrefcount(v) for v in [x * 2, y]]


steady(floats)

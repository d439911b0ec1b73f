# Calls made while exceptions are being handled, and calls which return through several frames of try blocks.
import sys
from probe import steady


def current():
    return type(sys.exception()).__name__


def inner(x):
    try:
        if x % 2:
            raise KeyError(x)
        return current()
    except KeyError:
        return current(), inner(x + 1)
    finally:
        current()


def outer(x):
    try:
        raise ValueError
    except ValueError:
        return inner(x), current()


def through(n):
    try:
        if n == 0:
            return "bottom"
        try:
            return through(n - 1)
        finally:
            n += 1
    finally:
        n += 1


steady(outer, 1)
steady(outer, 2)
steady(through, 6)
print(current())

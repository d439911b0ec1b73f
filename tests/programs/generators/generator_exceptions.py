# Exceptions across generator frames: sys.exception inside and outside, context chains, tracebacks.
import sys
from probe import steady, trail, chain


def watcher():
    seen = []
    try:
        while True:
            seen.append(type(sys.exception()).__name__)
            yield seen
    except ValueError as e:
        seen.append(chain(e))
        yield seen


def across():
    g = watcher()
    next(g)
    try:
        raise KeyError("outer")
    except KeyError:
        next(g)
        try:
            g.throw(ValueError("thrown"))
        finally:
            return next(watcher()), list(g), sys.exception() is not None


def yields_in_handler():
    def g():
        try:
            raise OSError("o")
        except OSError:
            yield type(sys.exception()).__name__
            yield type(sys.exception()).__name__
        yield type(sys.exception()).__name__

    it = g()
    out = [next(it), type(sys.exception()).__name__]
    try:
        raise ValueError
    except ValueError:
        out.append(next(it))
        out.append(type(sys.exception()).__name__)
        out.append(next(it))
    return out


def deep(n):
    if n == 0:
        yield 1 / 0
    yield from deep(n - 1)


def traceback_of():
    try:
        list(deep(3))
    except ZeroDivisionError as e:
        return trail(e)


def thrown_traceback():
    def g():
        yield 1

    it = g()
    next(it)
    try:
        it.throw(KeyError("t"))
    except KeyError as e:
        return trail(e)


for f in (across, yields_in_handler, traceback_of, thrown_traceback):
    steady(f)

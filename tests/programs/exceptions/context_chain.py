# __context__, __cause__, __suppress_context__, re-raising, raising the same object again, cycles cut.
from probe import steady, outcome, chain


def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("during")


def explicit():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise KeyError("from") from e


def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("none") from None


def deep():
    try:
        try:
            raise ValueError(1)
        except ValueError:
            raise KeyError(2)
        finally:
            raise TypeError(3)
    except TypeError as e:
        try:
            raise OSError(4) from e
        except OSError as e2:
            return chain(e2), e2.__context__ is e, e2.__cause__ is e, e2.__suppress_context__


def same_again():
    e = ValueError("same")
    for _ in range(3):
        try:
            raise e
        except ValueError as caught:
            assert caught is e
    return e.__context__, e.__cause__


def cycle():
    a, b = ValueError("a"), KeyError("b")
    try:
        try:
            raise a
        except ValueError:
            raise b
    except KeyError:
        try:
            raise a
        except ValueError as e:
            return chain(e), a.__context__ is b, b.__context__


def restored():
    import sys

    out = [sys.exception()]
    try:
        raise ValueError(1)
    except ValueError:
        out.append(type(sys.exception()).__name__)
        try:
            raise KeyError(2)
        except KeyError:
            out.append(type(sys.exception()).__name__)
        out.append(type(sys.exception()).__name__)
    out.append(sys.exception())
    return out


def raise_class_or_bad(x):
    raise x


def raise_from_bad(x):
    raise ValueError from x


def bare_raise():
    raise


def helper_reraises():
    raise


def bare_in_helper():
    try:
        raise ValueError("for helper")
    except ValueError:
        helper_reraises()


class Bad(Exception):
    def __init__(self):
        raise RuntimeError("in init")


class NotReally:
    def __new__(cls):
        return ValueError("made by __new__")


for f in (implicit, explicit, suppressed, deep, same_again, cycle, restored, bare_raise, bare_in_helper):
    steady(f)
for x in (ValueError, ValueError("v"), 5, "str", int, None, Bad, NotReally):
    steady(raise_class_or_bad, x)
for x in (KeyError, KeyError("k"), None, 5, Bad, int):
    steady(raise_from_bad, x)

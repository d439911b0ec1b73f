# Unicode names, literals of every kind, line continuations, docstrings, empty bodies, nested functions.
from probe import steady


def literals():
    """doc"""
    return 0x_FF, 0b101, 0o17, 1_000_000, 1e3, 1.5e-7, 2j, "a" "b", b"c" b"d", r"\n", """x
y""", ..., (), [], {}, 10**20, -5, +3, ~0, not 1, "\u00e9\x41\N{BULLET}"


def ünïcode(π):
    größe = π * 2
    return größe


def empty(): ...


def passes():
    pass


def returns_none(x):
    if x:
        return


def nested():
    def a():
        def b():
            def c():
                return nested.__name__

            return c()

        return b()

    return a()


steady(literals)
steady(ünïcode, 1.5)
for f in (empty, passes, nested):
    steady(f)
steady(returns_none, 1)
steady(returns_none, 0)

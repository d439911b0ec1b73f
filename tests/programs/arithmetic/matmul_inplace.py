# The matrix operator and every in-place operator of a class, including those that return something else.
from probe import show, steady


class Cell:
    def __init__(self, v):
        self.v = v


for name in "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split():

    def inplace(self, other, name=name):
        self.v = f"({self.v} i{name} {other})"
        return self

    def plain(self, other, name=name):
        return Cell(f"({self.v} {name} {other})")

    if name not in ("sub", "xor"):
        setattr(Cell, f"__i{name}__", inplace)
    setattr(Cell, f"__{name}__", plain)


def all_inplace():
    c = d = Cell("c")
    c += 1
    c -= 2
    c *= 3
    c /= 4
    c //= 5
    c %= 6
    c **= 7
    c <<= 8
    c >>= 9
    c &= 10
    c |= 11
    c ^= 12
    c @= 13
    return c.v, d.v, c is d


def all_plain():
    c = Cell("c")
    return ((((c @ 1) + 2) - 3) * 4 / 5 // 6 % 7**8 << 9 >> 10 & 11 | 12 ^ 13).v


steady(all_inplace)
steady(all_plain)

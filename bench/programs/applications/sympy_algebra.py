"""Sympy: expand, factor, differentiate, integrate and print, with the caches emptied."""

from sympy import cos, diff, expand, factor, integrate, simplify, sin, symbols
from sympy.core.cache import clear_cache

N = 1


def run(n):
    x, y, z = symbols("x y z")
    text = ""
    for _ in range(n):
        clear_cache()
        text = str(expand((x + y + z + 1) ** 6))
        text += str(factor(x**6 - y**6))
        text += str(diff(sin(x) * cos(y) * (x + y) ** 3, x, 2))
        text += str(integrate(x**2 * sin(x), x))
        text += str(simplify((x**2 - 1) / (x - 1) + sin(x) ** 2 + cos(x) ** 2))
    return len(text), text[:40]

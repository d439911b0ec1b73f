# Powers: negative exponents give floats, zero to a negative power raises, three-argument pow.
from probe import steady, show, outcome


def power(a, b):
    return a**b


def inplace(a, b):
    a **= b
    return a


def squares(n):
    return [i**2 for i in range(n)], [i**-1 for i in range(1, n)], [2**i for i in range(0, n * 10, 7)]


for a in (0, 1, -1, 2, -2, 3, 10, 2**31, True, 1.5, -1.5, 0.0, 1j):
    for b in (0, 1, 2, 5, 31, 62, 63, 64, -1, -3, 0.5, True, 2j):
        show(outcome(power, a, b), outcome(inplace, a, b))
steady(squares, 12)
show(pow(3, 100, 7), pow(3, -1, 7), outcome(pow, 2, -1, 4), outcome(pow, 2, 2, 0))
show(outcome(power, "a", 2), outcome(inplace, [], 2))

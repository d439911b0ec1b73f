# Complex arithmetic, its errors and signed zeros.
from probe import show, steady, outcome


def ops(a, b):
    return a + b, a - b, a * b, a / b, a**2, -a, a == b, abs(a)


def iterate(c, n):
    z = 0j
    for i in range(n):
        if abs(z) > 2:
            return i, z
        z = z * z + c
    return n, z


for a in (1j, 1 + 1j, -2.5 - 0.5j, 3, 0.0, -0j):
    for b in (2j, 1 - 1j, 4, 0.5):
        show(ops(a, b))
for c in (0.1 + 0.2j, 1 + 1j, -1, 0.3j):
    steady(iterate, c, 30)
show(outcome(lambda: 1j < 2j), outcome(lambda: 1j // 1), outcome(lambda: 1j / 0), outcome(lambda: 0j**-1))

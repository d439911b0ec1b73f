"""Integrals, equations, series, matrices and number theory."""

from sympy import (
    Matrix,
    apart,
    cos,
    diff,
    dsolve,
    exp,
    expand,
    factor,
    factorint,
    Function,
    integrate,
    latex,
    limit,
    oo,
    pi,
    Rational,
    series,
    simplify,
    sin,
    solve,
    sqrt,
    symbols,
    tan,
)

x, y, z = symbols("x y z")
f = Function("f")
print(integrate(x**2 * exp(x) * sin(x), x))
print(integrate(1 / (x**3 + 1), x))
print(integrate(exp(-(x**2)), (x, -oo, oo)))
print(diff(sin(x) ** 3 * cos(x**2) / (1 + x), x))
print(solve([x + 2 * y - 3, x * y - 1], [x, y]))
print(solve(x**4 - 5 * x**2 + 4, x))
print(series(tan(x) * exp(x), x, 0, 7))
print(limit((1 + 1 / x) ** x, x, oo))
print(factor(x**6 - 1), expand((x + y - 2 * z) ** 4))
print(simplify(sin(x) ** 2 + cos(x) ** 2 + (x**2 - 1) / (x - 1)))
print(apart((x**2 + 3) / (x**3 - x), x))
print(Matrix([[1, 2, 0], [3, 1, x], [0, 1, 2]]).det(), Matrix([[2, 1], [1, 2]]).eigenvals())
print(dsolve(f(x).diff(x, 2) + f(x), f(x)))
print(factorint(2**64 + 1), Rational(1, 3) + sqrt(2) * pi)
print(latex(integrate(sqrt(x) / (1 + x), x)))

# nan, infinities, signed zeros and subnormals through the four operations, // and %.
import math
import struct
from probe import show, steady, outcome

VALUES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1e308,
    -1e308,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    math.inf,
    -math.inf,
    math.nan,
    3,
    -3,
    0,
    2**53,
    2**53 + 1,
    2**63,
    True,
]


def bits(x):
    if type(x) is not float:
        return x
    if x != x:
        return "nan"
    return struct.pack(">d", x).hex()


def four(a, b):
    return bits(a + b), bits(a - b), bits(a * b)


def divide(a, b):
    return bits(a / b)


def floor_mod(a, b):
    return bits(a // b), bits(a % b)


def unary(a):
    return bits(-a), bits(+a), bits(abs(a)), not a


for a in VALUES:
    show(unary(a))
    for b in VALUES:
        show(a, b, four(a, b), outcome(divide, a, b), outcome(floor_mod, a, b))


def accumulate(xs):
    total = 0.0
    product = 1.0
    for x in xs:
        total += x
        product *= x
        total -= product / 3.0
    return bits(total), bits(product)


steady(accumulate, [0.1, 0.2, 0.3, 1e10, -1e-10, 3.5])
steady(accumulate, [1e200, 1e200, -math.inf, math.inf])
steady(accumulate, [-0.0, -0.0, 5e-324, 0.5])

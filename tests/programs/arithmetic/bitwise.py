# & | ^ ~ on ints, bools, sets and mixed signs; the bool results stay bool.
from probe import steady, show, outcome

VALUES = [0, 1, -1, 0xFF, -0xFF, 2**30, 2**31, -(2**31), 2**62, 2**63, -(2**63), 2**64 - 1, 2**100 + 1, True, False]


def masks(a, b):
    return a & b, a | b, a ^ b, ~a


def inplace(a, b):
    c = a
    c &= b
    d = a
    d |= b
    e = a
    e ^= b
    return c, d, e


def xorshift(seed, n):
    x = seed
    out = []
    for _ in range(n):
        x ^= (x << 13) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 7
        x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
        out.append(x & 0xFFFF)
    return out


for a in VALUES:
    for b in VALUES:
        if not (type(a) is bool):
            show(masks(a, b))
        show(inplace(a, b))
steady(xorshift, 88172645463325252, 40)
show(True & True, True | 1, True ^ True, {1, 2} & {2, 3}, {1} | {2}, {1, 2} ^ {2})
show(outcome(masks, 1, 1.0), outcome(masks, "a", 1), outcome(masks, None, None))

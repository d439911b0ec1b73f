# Ints and floats which live unboxed in loops and have to appear as objects again at calls, exits, frames and deaths.
import sys
from probe import steady


def identity_kept(n):
    out = []
    x = 0.5
    for i in range(n):
        y = x
        x = x + 1.0
        out.append(y is x)
        if i == 5:
            kept = x
            also = x
    return out, kept is also, x


def seen_by_callee(n):
    x, y = 0, 0.0
    for i in range(n):
        x += i
        y += x * 0.5
        if i % 5 == 4:
            look()
    return x, y


def look():
    f = sys._getframe(1)
    seen.append((f.f_locals["x"], f.f_locals["y"], f.f_locals["i"], f.f_lineno - f.f_code.co_firstlineno))


def escapes_late(n):
    x = 1
    out = []
    for i in range(n):
        x = x * 3 % 1000
        if i > n - 3:
            out.append(x)
    return out, x


def raised_with(n):
    x = 1
    try:
        for i in range(n):
            x *= 5
            if x > 2**66:
                raise ValueError(x, i)
    except ValueError as e:
        return e.args, x, i


def overflow_both_ways(n):
    a, b = 2**62, -(2**62)
    turns = 0
    for i in range(n):
        a += 2**60
        b -= 2**60
        if a + b != 0 or a - b != 2 * a:
            return "wrong"
        if a > 2**63:
            a -= 2**61
            b += 2**61
            turns += 1
    return a, b, turns


def float_int_equal(n):
    x = 0.0
    hits = 0
    for i in range(n):
        if x == i:
            hits += 1
        x += 1
        if i == n // 2:
            x = int(x)
    return hits, x


def division_kinds(n):
    out = []
    x = 1000
    for i in range(1, n):
        x = x // i if i % 2 else x / i
        out.append(x)
        if not x:
            x = 1000
    return out


def bools_in_sums(values):
    t = 0
    for v in values:
        t += v > 2
        t |= v == 1
        t = t + (not v)
    return t


def minus_zero(n):
    x = 0.0
    for i in range(n):
        x = -x
        x = x * 1.0 + 0.0 * -1 if i == n - 1 else x
    return x, str(-x), str(x * -1)


def to_str(n):
    x = 0
    s = ""
    for i in range(n):
        x += 7
        s += str(x)[-1]
        s = f"{s}{x % 3}"
    return s


seen = []
steady(identity_kept, 9)
steady(seen_by_callee, 20)
print(seen[:4], seen[-4:], len(set(seen)))
for f in (escapes_late, raised_with, overflow_both_ways, float_int_equal, division_kinds, minus_zero, to_str):
    steady(f, 40)
steady(bools_in_sums, [0, 1, 2, 3, 4.5, True])

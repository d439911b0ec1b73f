# One unboxed value in two locals before a loop that carries one of them as an object: two references, not one.
import sys


def pair(n, k):
    x = -1.5
    y = x * (-0.0 + 0.0)
    for i in range(13):
        x -= x
        len("a")
    z = x
    for j in range(n):
        j -= k // 7
        if j == 11:
            z = float(k)
    return y, x, z


def inner(n, k):
    out = []
    for i in range(3):
        x = i * 0.5
        z = w = x
        for j in range(n):
            if j == 11:
                z = float(k)
            if j == 12:
                w = [str(j)]
        out.append((x * 2.0, x, z, w))
    return out


seen = {}
for turn in range(4000):
    result = repr((pair(20, 0), inner(20, 0)))
    seen[result] = seen.get(result, 0) + 1
print(seen)

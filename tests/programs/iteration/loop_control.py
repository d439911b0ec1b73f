# Nested loops with break, continue and else; while with else; loops which never run; breaks out of with and try.
from probe import steady


def nested(n):
    out = []
    for i in range(n):
        for j in range(n):
            if j == i:
                continue
            if i + j == n + 1:
                break
            out.append((i, j))
        else:
            out.append(("else", i))
            continue
        out.append(("broke", i))
    else:
        out.append("outer else")
    return out


def whiles(n):
    out = []
    i = 0
    while i < n:
        i += 1
        j = i
        while True:
            j -= 1
            if j < 0:
                break
            if j % 2:
                continue
            out.append(j)
        else:
            out.append("never")
        if i == 7:
            break
    else:
        out.append("else")
    return out


def early(n):
    for i in range(n):
        for j in range(n):
            for k in range(n):
                if i * j * k == 6:
                    return i, j, k
    return None


def with_breaks(n):
    class M:
        def __enter__(self):
            return self

        def __exit__(self, *a):
            out.append("exit")

    out = []
    for i in range(n):
        with M():
            for j in range(3):
                if j == 1:
                    break
            if i == 1:
                continue
            if i == 3:
                break
        out.append(i)
    return out


def conditions(a, b, c):
    out = []
    for i in range(12):
        if (i < a and i > b) or (i == c and not i == b):
            out.append(i)
        x = "low" if i < 3 else "mid" if i < 8 else "high"
        if x == "mid" and (i % 2 or i == 4):
            out.append(x)
        while i > 8 and i < 11:
            i += 1
            out.append(-i)
    return out


def triangle(n):
    total = 0
    i = 1
    while i <= n:
        j = i
        while j:
            total += i ^ j
            j >>= 1
        i += 1
    return total


def flag_loop(n):
    changed = True
    l = [(i * 7) % n for i in range(n)]
    passes = 0
    while changed:
        changed = False
        passes += 1
        for i in range(len(l) - 1):
            if l[i] > l[i + 1]:
                l[i], l[i + 1] = l[i + 1], l[i]
                changed = True
    return l, passes


steady(nested, 5)
steady(whiles, 5)
steady(whiles, 9)
steady(early, 6)
steady(early, 2)
steady(with_breaks, 5)
steady(conditions, 7, 2, 9)
steady(triangle, 200)
steady(flag_loop, 25)

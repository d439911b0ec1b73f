# Sorting algorithms in Python over ints, floats, strings and mixed lists.
from probe import steady


def data(n, kind):
    x, out = 12345, []
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        v = x % 1000
        out.append(
            v if kind == "int" else v / 7 if kind == "float" else str(v) if kind == "str" else v if i % 3 else v + 0.5
        )
    return out


def bubble(a):
    a = a[:]
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a


def quick(a):
    if len(a) <= 1:
        return a
    p = a[len(a) // 2]
    return quick([x for x in a if x < p]) + [x for x in a if x == p] + quick([x for x in a if x > p])


def merge(a):
    if len(a) < 2:
        return a[:]
    l, r = merge(a[: len(a) // 2]), merge(a[len(a) // 2 :])
    out, i, j = [], 0, 0
    while i < len(l) and j < len(r):
        if l[i] <= r[j]:
            out.append(l[i])
            i += 1
        else:
            out.append(r[j])
            j += 1
    return out + l[i:] + r[j:]


def heap(a):
    a = a[:]
    n = len(a)

    def sift(lo, hi):
        root = lo
        while (child := 2 * root + 1) < hi:
            if child + 1 < hi and a[child] < a[child + 1]:
                child += 1
            if not a[root] < a[child]:
                break
            a[root], a[child] = a[child], a[root]
            root = child

    for lo in range(n // 2 - 1, -1, -1):
        sift(lo, n)
    for hi in range(n - 1, 0, -1):
        a[0], a[hi] = a[hi], a[0]
        sift(0, hi)
    return a


def insertion(a):
    a = a[:]
    for i in range(1, len(a)):
        v = a[i]
        j = i - 1
        while j >= 0 and a[j] > v:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = v
    return a


def check(sort, kind, n):
    values = data(n, kind)
    return sort(values) == sorted(values), sort(values)[:3]


for sort in (bubble, quick, merge, heap, insertion):
    for kind in ("int", "float", "mixed", "str"):
        steady(check, sort, kind, 40)

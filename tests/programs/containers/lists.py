# List indexing, stores, methods, operators and their errors; negative, huge and odd indices.
from probe import steady, outcome, show


class Idx:
    def __index__(self):
        return 1


def get(l, i):
    return l[i]


def put(l, i, v):
    l[i] = v
    return l


def delete(l, i):
    del l[i]
    return l


for i in (0, 1, 2, -1, -3, -4, 3, 2**31, 2**63, -(2**63), 2**70, True, 1.0, "a", None, Idx(), slice(0, 2), (1,)):
    show(
        outcome(get, [10, 20, 30], i),
        outcome(put, [10, 20, 30], i, [99]),
        outcome(delete, [10, 20, 30], i),
        outcome(get, (1, 2, 3), i),
    )
    show(
        outcome(get, "xyz", i),
        outcome(get, b"xyz", i),
        outcome(get, range(5, 50, 5), i),
        outcome(get, bytearray(b"abc"), i),
    )


def methods():
    l = [3, 1, 2]
    out = [
        l.append(4),
        l.extend("ab"),
        l.insert(0, "first"),
        l.insert(100, "last"),
        l.insert(-1, "x"),
        l.pop(),
        l.pop(0),
        l.index(1),
        l.count(2),
    ]
    l.remove("a")
    l.reverse()
    m = l.copy()
    l.clear()
    return out, m, l


def operators():
    a, b = [1, 2], [3]
    c = a
    a += (4, 5)
    c *= 2
    d = a + b
    return (
        a is c,
        a,
        d,
        b * 3,
        [] * 5,
        [1] * -1,
        a == c,
        a < b,
        4 in a,
        a > [1],
        [1, 2] < [1, 2, 3],
        [float("nan")] == [float("nan")],
    )


def loop_swap(n):
    l = list(range(n))
    for i in range(n // 2):
        l[i], l[-1 - i] = l[-1 - i], l[i]
        l[i] += l[i - 1]
    return l


def sieve(n):
    flags = [True] * n
    out = []
    for i in range(2, n):
        if flags[i]:
            out.append(i)
            for j in range(i * i, n, i):
                flags[j] = False
    return out


def matrix(n):
    a = [[i * j % 7 for j in range(n)] for i in range(n)]
    b = [[0.5] * n for _ in range(n)]
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            t = 0
            for k in range(n):
                t += a[i][k] * b[k][j]
            c[i][j] = t
    return c[1], sum(map(sum, c))


def type_change(n):
    l = [0] * n
    for i in range(n):
        l[i] = i if i < n // 3 else i * 0.5 if i < n // 2 else str(i)
    total = 0
    for v in l:
        total += len(v) if isinstance(v, str) else v
    return total, l[-2:]


steady(methods)
steady(operators)
steady(loop_swap, 9)
steady(sieve, 100)
steady(matrix, 6)
steady(type_change, 60)
print(
    outcome(lambda: [].pop()), outcome(lambda: [1].pop(5)), outcome(lambda: [].remove(1)), outcome(lambda: [1].index(2))
)
print(
    outcome(lambda: [1] + (2,)),
    outcome(lambda: [1] < 5),
    outcome(lambda: sorted([1, "a"])),
    outcome(lambda: [1] * 2.0),
    outcome(hash, []),
)

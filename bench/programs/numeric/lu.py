"""LU factorisation with partial pivoting, and the solution of a system with it."""

N = 9

SIZE = 90


def factor(a):
    size = len(a)
    pivots = []
    for j in range(size):
        pivot = j
        largest = abs(a[j][j])
        for i in range(j + 1, size):
            value = abs(a[i][j])
            if value > largest:
                pivot, largest = i, value
        pivots.append(pivot)
        if pivot != j:
            a[pivot], a[j] = a[j], a[pivot]
        row = a[j]
        scale = 1.0 / row[j]
        for i in range(j + 1, size):
            other = a[i]
            ratio = other[j] * scale
            other[j] = ratio
            for k in range(j + 1, size):
                other[k] -= ratio * row[k]
    return pivots


def solve(lu, pivots, b):
    size = len(lu)
    for i in range(size):
        p = pivots[i]
        b[p], b[i] = b[i], b[p]
    for i in range(size):
        total = b[i]
        row = lu[i]
        for j in range(i):
            total -= row[j] * b[j]
        b[i] = total
    for i in range(size - 1, -1, -1):
        total = b[i]
        row = lu[i]
        for j in range(i + 1, size):
            total -= row[j] * b[j]
        b[i] = total / row[i]
    return b


def run(n):
    result = None
    for _ in range(3 * n):
        seed = 12345
        a = []
        for _ in range(SIZE):
            row = []
            for _ in range(SIZE):
                seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
                row.append(seed / 0x7FFFFFFF - 0.5)
            a.append(row)
        lu = [row[:] for row in a]
        pivots = factor(lu)
        x = solve(lu, pivots, [sum(row) for row in a])
        result = max(abs(v - 1.0) for v in x) < 1e-6, f"{sum(x):.6f}"
    return result

# Arrays of floats: SOR, LU, sparse products, FFT, Monte Carlo.
import math
from array import array
from probe import steady


def sor(n, turns):
    g = [array("d", [0.0]) * n for _ in range(n)]
    for i in range(n):
        g[0][i] = 1.0 + i
    for _ in range(turns):
        for y in range(1, n - 1):
            gy, up, down = g[y], g[y - 1], g[y + 1]
            for x in range(1, n - 1):
                gy[x] = 0.3125 * (up[x] + down[x] + gy[x - 1] + gy[x + 1]) + (1.0 - 1.25) * gy[x]
    return sum(map(sum, g)).hex()


def lu(n):
    a = [[((i * 7 + j * 13) % 11) + (5.0 if i == j else 0.0) for j in range(n)] for i in range(n)]
    pivot = [0] * n
    for j in range(n):
        p = j
        t = abs(a[j][j])
        for i in range(j + 1, n):
            if abs(a[i][j]) > t:
                t = abs(a[i][j])
                p = i
        pivot[j] = p
        if a[p][j] == 0:
            raise ZeroDivisionError
        if p != j:
            a[j], a[p] = a[p], a[j]
        for k in range(j + 1, n):
            a[k][j] *= 1.0 / a[j][j]
        for i in range(j + 1, n):
            for k in range(j + 1, n):
                a[i][k] -= a[i][j] * a[j][k]
    return pivot, [x.hex() for x in a[-1]][:3]


def sparse(n):
    rows = [0]
    cols, values = [], []
    for r in range(n):
        for c in range(r % 3, n, 4):
            cols.append(c)
            values.append(1.0 / (r + c + 1))
        rows.append(len(cols))
    x, y = [1.0] * n, [0.0] * n
    for _ in range(3):
        for r in range(n):
            s = 0.0
            for i in range(rows[r], rows[r + 1]):
                s += x[cols[i]] * values[i]
            y[r] = s
        x, y = y, x
    return sum(x).hex()


def fft(values):
    n = len(values)
    if n == 1:
        return values
    even, odd = fft(values[::2]), fft(values[1::2])
    out = [0] * n
    for k in range(n // 2):
        angle = -2 * math.pi * k / n
        t = complex(math.cos(angle), math.sin(angle)) * odd[k]
        out[k] = even[k] + t
        out[k + n // 2] = even[k] - t
    return out


def monte_carlo(n):
    seed = 113
    inside = 0
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        x = seed / 2147483647
        seed = (seed * 16807) % 2147483647
        y = seed / 2147483647
        if x * x + y * y <= 1.0:
            inside += 1
    return inside / n * 4


steady(sor, 10, 5)
steady(lu, 8)
steady(sparse, 20)
steady(lambda: [abs(v) for v in fft([float(i % 5) for i in range(16)])][:5])
steady(monte_carlo, 400)
print(sor(30, 20), monte_carlo(20000), lu(24)[0])

"""A radix-2 transform in place over interleaved real and imaginary parts, there and back."""

import math

N = 30

POINTS = 2048


def reorder(data):
    n = len(data) // 2
    j = 0
    for i in range(n - 1):
        if i < j:
            a, b = 2 * i, 2 * j
            data[a], data[b] = data[b], data[a]
            data[a + 1], data[b + 1] = data[b + 1], data[a + 1]
        k = n >> 1
        while k <= j:
            j -= k
            k >>= 1
        j += k


def transform(data, direction):
    n = len(data) // 2
    reorder(data)
    dual = 1
    while dual < n:
        theta = direction * math.pi / dual
        s = math.sin(theta)
        half = math.sin(theta / 2.0)
        s2 = 2.0 * half * half
        wr, wi = 1.0, 0.0
        for a in range(dual):
            if a:
                wr, wi = wr - s * wi - s2 * wr, wi + s * wr - s2 * wi
            for b in range(a, n, 2 * dual):
                i = 2 * b
                j = 2 * (b + dual)
                xr = data[j]
                xi = data[j + 1]
                tr = wr * xr - wi * xi
                ti = wr * xi + wi * xr
                data[j] = data[i] - tr
                data[j + 1] = data[i + 1] - ti
                data[i] += tr
                data[i + 1] += ti
        dual *= 2


def run(n):
    data = [((i * 7919) % 1000) / 1000.0 for i in range(2 * POINTS)]
    original = data[:]
    for _ in range(n):
        transform(data, -1.0)
        transform(data, 1.0)
        scale = 1.0 / POINTS
        for i in range(len(data)):
            data[i] *= scale
    worst = max(abs(a - b) for a, b in zip(data, original))
    return repr(sum(data)), worst < 1e-9

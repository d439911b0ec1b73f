# Long numeric loops as in benchmarks: what is printed shows any lost bit.
from probe import steady


def integers(n):
    a = b = c = 0
    for i in range(n):
        a += i * i
        b ^= i << (i & 31)
        c = (c * 1103515245 + 12345) & 0x7FFFFFFF
        if i & 1:
            a -= c
    return a, b, c


def floats(n):
    x, y = 0.0, 1.0
    for i in range(1, n):
        x += 1.0 / (i * i)
        y *= 1.0 + 1.0 / (i * 7)
        y -= x * 1e-3
    return x.hex(), y.hex()


def mixed(n):
    x = 0
    for i in range(n):
        x = x + i / 2 if i % 3 else x + i
    return x


def overflowing(n):
    x = 1
    for i in range(n):
        x = x * 3 + i
        if x > 2**66:
            x >>= 50
    return x


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def mandelbrot(size):
    total = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            zr = zi = 0.0
            for k in range(20):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    total += k
                    break
            else:
                total += 100
    return total


steady(integers, 2000)
steady(floats, 2000)
steady(mixed, 2000)
steady(overflowing, 2000)
steady(fibonacci, 300)
steady(mandelbrot, 14)
print(integers(100000), floats(100000), mixed(100000), overflowing(100000))

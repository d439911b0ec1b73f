"""The set as rows of characters, with floats and with complex numbers."""

N = 260


def escape(cr, ci, limit):
    zr = zi = 0.0
    for i in range(limit):
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            return i
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
    return limit


def escape_complex(c, limit):
    z = 0j
    for i in range(limit):
        if abs(z) > 2.0:
            return i
        z = z * z + c
    return limit


def run(n):
    rows = []
    for y in range(n):
        ci = 2.4 * y / n - 1.2
        rows.append("".join(" .:-=+*#%@"[escape(3.2 * x / n - 2.2, ci, 90) // 10 % 10] for x in range(n)))
    small = n // 4
    checks = [
        escape_complex(complex(3.2 * x / small - 2.2, 2.4 * y / small - 1.2), 60)
        for y in range(small)
        for x in range(small)
    ]
    return sum(map(ord, "".join(rows))), sum(checks)

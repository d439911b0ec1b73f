# datetime, decimal, fractions, statistics, random with seeds, struct, hashlib: C and Python code mixed.
import datetime
import decimal
import fractions
import hashlib
import random
import statistics
import struct
from probe import steady


def dates(n):
    d = datetime.date(2024, 2, 28)
    out = []
    for i in range(n):
        out.append(str(d))
        d += datetime.timedelta(days=i)
    return out, (d - datetime.date(2024, 1, 1)).days


def decimals(n):
    with decimal.localcontext() as c:
        c.prec = 30
        x = decimal.Decimal(2)
        for _ in range(n):
            x = (x + 2 / x) / 2
        return x


def continued(n):
    x = fractions.Fraction(1)
    for _ in range(n):
        x = 1 + 1 / (1 + x)
    return x


def stats(seed):
    r = random.Random(seed)
    l = [r.gauss(0, 1) for _ in range(20)] + [r.randint(1, 6) for _ in range(5)]
    r.shuffle(l)
    return statistics.mean(l), statistics.median(l), r.sample(range(100), 3), r.choice("abc")


def binary(n):
    out = b""
    for i in range(n):
        out += struct.pack("<Hd", i, i * 0.5)
    return hashlib.sha256(out).hexdigest()[:16], struct.unpack_from("<Hd", out, 10)


steady(dates, 8)
steady(decimals, 8)
steady(continued, 15)
steady(stats, 7)
steady(binary, 6)

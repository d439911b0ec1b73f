# Loops inside generators, hot enough to be entered, with types that change while suspended.
from probe import steady


def squares(n):
    total = 0
    for i in range(n):
        total += i * i
        if i % 100 == 0:
            yield total
    yield "end", total


def inner_loop(n):
    for i in range(n):
        s = 0
        for j in range(50):
            s += j * i
            if j == 49 and i == n - 1:
                s = str(s)
        yield s


def drifting(n):
    x = 0
    for i in range(n):
        x = x + 1
        if i % 10 == 0:
            y = yield x
            if y is not None:
                x = y


def consume():
    g = drifting(2000)
    out = [next(g), g.send(1.5), g.send(2**70), g.send(True)]
    try:
        out.append(g.send("s"))
    except TypeError as e:
        out.append(str(e))
    return out


def pipeline(n):
    a = (i * 2 for i in range(n))
    b = (x + 1 for x in a if x % 3)
    c = filter(lambda v: v & 1, b)
    return sum(c)


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def first(n):
    out = []
    for x in fib():
        if len(out) >= n:
            break
        out.append(x)
    return out


def two_at_once(n):
    g, h = squares(n), squares(n // 2)
    return [(a, b) for a, b in zip(g, h)]


steady(lambda: list(squares(1000)))
steady(lambda: list(inner_loop(20)))
steady(consume)
steady(pipeline, 500)
steady(first, 100)
steady(two_at_once, 500)
print(sum(x for x in squares(50000) if isinstance(x, int)))

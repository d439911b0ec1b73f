# Trees walked by recursive generators, primes by filters, flattening, coroutines as pipelines.
from probe import steady


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def build(lo, hi):
    if lo >= hi:
        return None
    mid = (lo + hi) // 2
    return Tree(build(lo, mid), mid, build(mid + 1, hi))


def primes():
    found = []
    n = 2
    while True:
        for p in found:
            if p * p > n:
                found.append(n)
                yield n
                break
            if n % p == 0:
                break
        else:
            found.append(n)
            yield n
        n += 1


def first(g, n):
    return [v for _, v in zip(range(n), g)]


def average():
    total = count = 0
    mean = None
    while True:
        v = yield mean
        total += v
        count += 1
        mean = total / count


def averages(values):
    a = average()
    next(a)
    return [a.send(v) for v in values]


def windows(values, n):
    w = []
    for v in values:
        w.append(v)
        if len(w) == n:
            yield tuple(w)
            del w[0]


steady(lambda: list(build(0, 30)))
steady(lambda: first(primes(), 40))
steady(averages, [1, 2, 3.5, 2**60])
steady(lambda: list(windows("abcdef", 3)))
print(sum(build(0, 3000)), first(primes(), 500)[-1])

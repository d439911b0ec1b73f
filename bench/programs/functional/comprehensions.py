"""Comprehensions, unpacking, slices, set and dictionary algebra, sorting."""

N = 240


def primes(limit):
    return [n for n in range(2, limit) if all(n % d for d in range(2, int(n**0.5) + 1))]


def transpose(rows):
    return [[row[i] for row in rows] for i in range(len(rows[0]))]


def triples(limit):
    return [
        (a, b, c)
        for a in range(1, limit)
        for b in range(a, limit)
        for c in (int((a * a + b * b) ** 0.5),)
        if c < limit and a * a + b * b == c * c
    ]


def quick(items):
    if len(items) < 2:
        return items
    pivot, *rest = items
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])


def group(items, key):
    groups = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def run(n):
    total = 0
    for k in range(n):
        total += sum(primes(400))
        rows = [[i * j + k for j in range(20)] for i in range(20)]
        total += sum(sum(row) for row in transpose(rows)[::2])
        total += len(triples(40))
        shuffled = [(i * 7919 + k) % 1009 for i in range(300)]
        ordered = quick(shuffled)
        total += ordered[10] + ordered[-1]
        first, *middle, last = ordered
        total += len(middle) + last - first
        evens = {x for x in shuffled if x % 2 == 0}
        threes = {x for x in shuffled if x % 3 == 0}
        total += len(evens & threes) + len(evens ^ threes) + len(evens | threes)
        squares = {x: x * x for x in evens}
        total += sum(v for key, v in squares.items() if key % 5 == 0) % 1000
        total += sum(len(g) for g in group(shuffled, lambda x: x % 10).values())
        a, b = 1, 1
        for _ in range(60):
            a, b = b, (a + b) % 100003
        total += a
        total += sum(x for pair in zip(shuffled, reversed(shuffled)) for x in pair) % 997
    return total

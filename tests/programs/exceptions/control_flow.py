# Exceptions as control flow in hot loops: dict misses, parsing failures, retries, exhausted queues.
from probe import steady


def count_words(words):
    d = {}
    for w in words:
        try:
            d[w] += 1
        except KeyError:
            d[w] = 1
    return d


def parse_all(texts):
    good = bad = 0
    for t in texts:
        try:
            good += int(t)
        except ValueError:
            try:
                good += float(t)
            except ValueError:
                bad += 1
    return good, bad


def retry(n):
    attempts = 0
    for i in range(n):
        left = i % 4
        while True:
            try:
                attempts += 1
                if left:
                    left -= 1
                    raise TimeoutError
            except TimeoutError:
                continue
            else:
                break
    return attempts


def drain(n):
    q = list(range(n))
    total = 0
    try:
        while True:
            total += q.pop()
    except IndexError:
        return total


def attribute_fallback(values):
    out = []
    for v in values:
        try:
            out.append(v.real)
        except AttributeError:
            out.append(len(v))
    return out


class Found(Exception):
    pass


def search(grid, x):
    try:
        for i, row in enumerate(grid):
            for j, v in enumerate(row):
                if v == x:
                    raise Found(i, j)
    except Found as f:
        return f.args
    return None


steady(count_words, list("abracadabra") * 20)
steady(parse_all, ["1", "x", "2.5", "", "7", "1e3"] * 15)
steady(retry, 60)
steady(drain, 300)
steady(attribute_fallback, [1, "ab", 2.5, [1], (1, 2, 3), 4j] * 5)
steady(search, [[i * j for j in range(9)] for i in range(9)], 42)
steady(search, [[1]], 5)
print(sum(1 for _ in range(20000) if not _ % 3 or parse_all(["x"])))

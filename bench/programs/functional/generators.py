"""Generators: pipelines, recursive walks with yield from, send, generator expressions."""

N = 100


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def build(low, high):
    if low > high:
        return None
    middle = (low + high) // 2
    return Tree(middle, build(low, middle - 1), build(middle + 1, high))


def numbers(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def only(test, items):
    for item in items:
        if test(item):
            yield item


def pairs(items):
    last = None
    for item in items:
        if last is not None:
            yield last, item
        last = item


def running_mean():
    total = count = 0
    mean = None
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total / count


def window(items, size):
    buffer = []
    for item in items:
        buffer.append(item)
        if len(buffer) == size:
            yield tuple(buffer)
            del buffer[0]


def run(n):
    tree = build(0, 2000)
    total = 0
    for _ in range(n):
        total += sum(tree)
        total += sum(a * b % 7 for a, b in pairs(only(lambda x: x % 3, numbers(3000))))
        mean = running_mean()
        next(mean)
        for value in numbers(1500):
            last = mean.send(value)
        total += int(last)
        mean.close()
        total += sum(max(w) - min(w) for w in window(numbers(1000), 4))
    return total

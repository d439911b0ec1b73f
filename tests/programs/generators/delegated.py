# yield from, resumed often: generators, iterators, objects with send, results, exceptions thrown into and out of them.
import itertools
import sys
import traceback


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

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


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


class Iterator:
    def __init__(self, items, result=None):
        self.items, self.result = list(items), result

    def __iter__(self):
        return self

    def __next__(self):
        if self.items:
            return self.items.pop(0)
        raise StopIteration(self.result)


class WithSend(Iterator):
    def send(self, value):
        return "sent", value

    def throw(self, error):
        return "thrown", type(error).__name__

    def close(self):
        print("closed")


def inner(n):
    held = Noisy(f"inner {n}") if n == 7 else None
    for i in range(n):
        try:
            yield i
        except ValueError as error:
            yield "caught", str(error)
    return n * 10, held is None


def outer(*parts):
    results = []
    for part in parts:
        results.append((yield from part))
    return results


def failing(n):
    yield from range(n)
    raise LookupError(n)


def chain(n):
    if n:
        yield from chain(n - 1)
    yield n


def catching(n):
    for i in range(n):
        try:
            yield from failing(i)
        except LookupError as error:
            yield "lookup", error.args, [f.name for f in traceback.extract_tb(error.__traceback__)], sys.exception() is error
        finally:
            yield "finally", i


def depth():
    frame, n = sys._getframe(), 0
    while frame:
        frame, n = frame.f_back, n + 1
    yield n


def deep(n):
    if n:
        yield from deep(n - 1)
    else:
        yield from depth()


def not_iterable():
    yield 1
    yield from 5


async def coroutine():
    pass


def of_coroutine(c):
    yield from c


def result(g):
    out = []
    while True:
        try:
            out.append(next(g))
        except StopIteration as stop:
            return out, stop.value


tree = build(0, 60)
for turn in range(60):
    out = [sum(tree), list(chain(6)), result(outer(inner(3), range(2), Iterator("ab", "r"), [5], inner(0))), list(catching(4))]
    out.append([next(deep(k)) - next(deep(0)) for k in (1, 5)])
    g = outer(inner(4), WithSend("xyz", 5), inner(2))
    out.append([next(g), g.gi_yieldfrom.__name__, g.throw(ValueError("in")), next(g), g.send(None), next(g), next(g), g.gi_yieldfrom is not None])
    out.append([g.send("s"), g.throw(KeyError("k")), next(g), list(g), g.gi_yieldfrom])
    for f in lambda: list(not_iterable()), lambda: list(failing(3)), lambda: list(itertools.islice(outer(range(3), [1]), 9)):
        try:
            out.append(f())
        except Exception as error:
            out.append((type(error).__name__, str(error), [e.name for e in traceback.extract_tb(error.__traceback__)]))
    c = coroutine()
    try:
        list(of_coroutine(c))
    except TypeError as error:
        out.append(str(error))
    c.close()
    if turn in (0, 59):
        print(*out, sep="\n")
        print(list(outer(inner(7))))
        w = outer(WithSend("uvw"))
        print(next(w))
        w.close()
        half = outer(inner(7))
        print(next(half), next(half))
        del half

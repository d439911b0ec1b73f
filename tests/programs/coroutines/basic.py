# Coroutines driven by hand: await, results, throw, close, never awaited, __await__ of one's own.
import gc
import warnings
from probe import steady, outcome, mark, deaths

warnings.simplefilter("ignore")


class Yielder:
    def __init__(self, *values):
        self.values = values

    def __await__(self):
        got = []
        for v in self.values:
            got.append((yield v))
        return got


async def leaf(n):
    r = await Yielder(*range(n))
    return n, r


async def middle(n):
    try:
        a = await leaf(n)
        b = await leaf(1)
        return a, b
    except KeyError as e:
        mark(f"caught {e}")
        return "recovered"
    finally:
        mark("finally")


def drive(c, sends=()):
    out = []
    sends = list(sends)
    try:
        v = c.send(None)
        while True:
            out.append(v)
            v = c.send(sends.pop(0) if sends else None)
    except StopIteration as e:
        return out, e.value, deaths()


def throws():
    c = middle(2)
    out = [c.send(None)]
    try:
        c.throw(KeyError("k"))
    except StopIteration as e:
        return out, e.value, deaths()


def closes():
    c = middle(2)
    c.send(None)
    y = c.cr_await.cr_code.co_name
    c.close()
    return y, deaths()


async def bad():
    return await 5


class BadAwait:
    def __await__(self):
        return 5


async def bad2():
    await BadAwait()


async def sequence(n):
    total = 0
    for i in range(n):
        total += (await leaf(i % 3))[0]
        if total > 100:
            total = total / 2
    return total


async def comprehension(n):
    return [await leaf(i) for i in range(n)], {i: (await leaf(0))[0] for i in range(n)}


async def reuse(c):
    await c
    await c


steady(lambda: drive(middle(3), "ab"))
steady(throws)
steady(closes)
steady(lambda: drive(bad()))
steady(lambda: drive(bad2()))
steady(lambda: drive(sequence(60))[1:])
steady(lambda: drive(comprehension(3)))
steady(lambda: drive(reuse(leaf(0))))
c = leaf(1)
print(outcome(lambda: c.send(5)), type(c).__name__)
del c
gc.collect()

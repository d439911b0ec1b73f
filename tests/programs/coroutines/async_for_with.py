# async for, async with, async generators, asynchronous comprehensions, their errors and their ends.
import sys
from probe import steady, mark, deaths

sys.unraisablehook = lambda unraisable: mark(f"unraisable {unraisable.exc_value}")


class Y:
    def __await__(self):
        yield "y"


class Range:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        self.i = 0
        return self

    async def __anext__(self):
        await Y()
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return self.i


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    async def __aenter__(self):
        mark("+" + self.name)
        await Y()
        return self.name

    async def __aexit__(self, kind, value, tb):
        mark(f"-{self.name}:{kind and kind.__name__}")
        await Y()
        return self.swallow


async def agen(n):
    try:
        for i in range(n):
            await Y()
            got = yield i
            if got:
                mark(f"got {got}")
    finally:
        mark("agen finally")
        await Y()


def drive(c):
    steps = 0
    try:
        while True:
            c.send(None)
            steps += 1
    except StopIteration as e:
        return e.value, steps, deaths()


async def loops(n):
    out = []
    async for x in Range(n):
        if x == 2:
            continue
        out.append(x)
    else:
        out.append("else")
    async for x in agen(n):
        out.append(x)
        if x == 3:
            break
    return out


async def comps(n):
    a = [x async for x in Range(n)]
    b = {x: y async for x in agen(n) for y in range(x) if x % 2}
    c = [x async for x in (y async for y in agen(3)) if x]
    return a, b, c


async def managers():
    async with Manager("a") as a, Manager("b", True) as b:
        mark(a + b)
        raise ValueError
    async with Manager("c"):
        return "returned"


async def raising():
    async with Manager("r"):
        1 / 0


async def agen_methods():
    g = agen(5)
    out = [await g.__anext__(), await g.asend("s"), await anext(g)]
    try:
        await g.athrow(KeyError("k"))
    except KeyError as e:
        out.append(str(e))
    await g.aclose()
    out.append(await anext(g, "default"))
    return out


async def errors():
    out = []
    for bad in (5, [1]):
        try:
            async for x in bad:
                pass
        except TypeError as e:
            out.append(str(e))
        try:
            async with bad:
                pass
        except TypeError as e:
            out.append(str(e))
    return out


class BadAnext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 5


async def bad_anext():
    async for x in BadAnext():
        pass


for f, args in (
    (loops, (5,)),
    (comps, (4,)),
    (managers, ()),
    (raising, ()),
    (agen_methods, ()),
    (errors, ()),
    (bad_anext, ()),
):
    steady(lambda: drive(f(*args)))

# asyncio: gather, tasks, cancellation, timeouts, queues, locks, events, task groups, context variables.
import asyncio
import contextvars
from probe import show

var = contextvars.ContextVar("var", default=0)


async def worker(name, queue, out):
    while True:
        item = await queue.get()
        if item is None:
            return name
        out.append(item * 2)
        await asyncio.sleep(0)


async def queues():
    q = asyncio.Queue()
    out = []
    tasks = [asyncio.create_task(worker(i, q, out)) for i in range(3)]
    for i in range(30):
        await q.put(i)
    for _ in tasks:
        await q.put(None)
    return await asyncio.gather(*tasks), sorted(out)


async def cancelled():
    log = []

    async def sleeper():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise
        finally:
            log.append("finally")

    t = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    t.cancel("why")
    try:
        await t
    except asyncio.CancelledError as e:
        log.append(e.args)
    return log


async def timeout():
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(10)
    except TimeoutError as e:
        return type(e).__name__


async def group():
    async def fail(n):
        await asyncio.sleep(0)
        raise ValueError(n)

    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail(1))
            tg.create_task(fail(2))
    except* ValueError as eg:
        found = sorted(str(e) for e in eg.exceptions)
    return found


async def context():
    async def child(n):
        var.set(n)
        await asyncio.sleep(0)
        return var.get()

    var.set(100)
    return await asyncio.gather(*(child(i) for i in range(5))), var.get()


async def compute(n):
    total = 0
    for i in range(n):
        total += i
        if i % 100 == 0:
            await asyncio.sleep(0)
    return total


async def lock():
    l = asyncio.Lock()
    log = []

    async def use(i):
        async with l:
            log.append(i)
            await asyncio.sleep(0)
            log.append(-i)

    await asyncio.gather(*(use(i) for i in range(1, 4)))
    return log


async def gathered_errors():
    async def f(i):
        if i % 2:
            raise KeyError(i)
        return i

    return [repr(r) for r in await asyncio.gather(*(f(i) for i in range(5)), return_exceptions=True)]


async def main():
    for f in (queues, cancelled, timeout, group, context, lock, gathered_errors):
        results = [await f() for _ in range(4)]
        show(f.__name__ + ":", results[0], all(r == results[0] for r in results))
    show(await asyncio.gather(*(compute(3000 + i) for i in range(4))))
    show(await asyncio.to_thread(sum, [1, 2, 3]))


asyncio.run(main())
print(var.get())

# Queue, Condition, Event, Semaphore, thread locals, executors and their exceptions.
import concurrent.futures
import queue
import threading

local = threading.local()


def producer_consumer(n):
    q = queue.Queue(3)
    got = []

    def consume():
        while (item := q.get()) is not None:
            got.append(item * 2)

    t = threading.Thread(target=consume)
    t.start()
    for i in range(n):
        q.put(i)
    q.put(None)
    t.join()
    return got


def locals_of_threads(n):
    out = []

    def f(i):
        local.value = i
        for _ in range(100):
            local.value += 1
        out.append(local.value)

    ts = [threading.Thread(target=f, args=(i,)) for i in range(n)]
    for t in ts:
        t.start()
        t.join()
    return out, hasattr(local, "value")


def task(n):
    if n == 3:
        raise ValueError(n)
    return sum(i * i for i in range(n * 100))


def executor():
    with concurrent.futures.ThreadPoolExecutor(3) as ex:
        fs = [ex.submit(task, i) for i in range(6)]
        return [repr(f.exception()) if f.exception() else f.result() for f in fs], list(ex.map(task, [1, 2]))


def ping_pong(n):
    a, b = threading.Event(), threading.Event()
    log = []

    def other():
        for i in range(n):
            a.wait()
            a.clear()
            log.append(-i)
            b.set()

    t = threading.Thread(target=other)
    t.start()
    for i in range(n):
        log.append(i)
        a.set()
        b.wait()
        b.clear()
    t.join()
    return log


def excepthook():
    seen = []
    old, threading.excepthook = threading.excepthook, lambda a: seen.append((a.exc_type.__name__, str(a.exc_value)))
    t = threading.Thread(target=task, args=(3,))
    t.start()
    t.join()
    threading.excepthook = old
    return seen


for _ in range(4):
    print(producer_consumer(10), locals_of_threads(3), executor(), ping_pong(4), excepthook())

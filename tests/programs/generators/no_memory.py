# A generator of numbers that goes on when memory has been short many times.
try:
    from _testcapi import remove_mem_hooks, set_nomemory
except ImportError:
    print("no _testcapi: nothing to see")
    raise SystemExit


def numbers():
    n, x = 1 << 40, 0.5
    while True:
        yield n, x
        n += 1 << 33
        x *= 1.25


def short_of_memory(times):
    it = numbers()
    for _ in range(times):
        set_nomemory(0, 1)
        try:
            next(it)
        except MemoryError:
            it = numbers()
            next(it)
        finally:
            remove_mem_hooks()
    return next(it)[0] > 0


it = numbers()
for _ in range(2000):
    next(it)
print(short_of_memory(300))

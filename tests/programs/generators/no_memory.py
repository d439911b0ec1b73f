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


# More numbers are handed over while there is no memory than are kept for that.
MANY = range(90)
source = f"""
def many(starts, things):
    {"; ".join(f"x{k} = {k} << 40" for k in MANY)}
    for start, thing in zip(starts, things):
        {"; ".join(f"x{k} += 1" for k in MANY)}
        set_nomemory(start, 0)
        try:
            thing + 1
        except (MemoryError, TypeError):
            pass
        remove_mem_hooks()
    return {" + ".join(f"x{k}" for k in MANY)}
"""
exec(source)
print([many([10**9] * 99 + [0], [0] * 99 + [""]) for _ in range(30)])

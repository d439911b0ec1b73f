# Every allocation fails once: a MemoryError comes or not, and nothing breaks.
try:
    from _testcapi import remove_mem_hooks, set_nomemory
except ImportError:
    print("no _testcapi: nothing to see")
    raise SystemExit


class P:
    def __init__(self, x):
        self.x = x

    def m(self, k=1):
        return [self.x, k]

    @property
    def p(self):
        return (self.x,)

    def __add__(self, other):
        return P(self.x + other)


def work(n):
    out = []
    d = {}
    p = P(1.5)
    for i in range(n):
        x = i * 1.5 + 10**9 * i
        y = i * 1000003
        p = p + x
        p.y = y
        d[f"k{i}"] = (x, y)
        out.append(p.m() + [y])
        out.append(p.p)
        a, *b = out[-1], x
        try:
            d["none"]
        except KeyError as error:
            out.append(str(error))
        z = [q * x for q in range(3)]
        out.append(z)
    return len(out)


def every_allocation():
    for _ in range(30):
        work(5)
    refused = 0
    for first in range(1, 400):
        for n in (1, 3):
            set_nomemory(first, first + n)
            try:
                work(3)
            except MemoryError:
                refused += 1
            finally:
                remove_mem_hooks()
    return refused > 0


print(every_allocation())

# The number of living objects of each kind stays the same however often hot code runs.
import gc
from probe import steady


class Node:
    def __init__(self, next):
        self.next = next


def churn(n):
    keep = None
    for i in range(n):
        keep = Node(keep)
        t = (i, [i], {"i": i})
        f = lambda: t
        g = (x for x in f())
        next(g)
        try:
            raise ValueError(t)
        except ValueError as e:
            s = e.args
        m = keep.__init__
    return i


def census():
    gc.collect()
    counts = {}
    for o in gc.get_objects():
        counts[type(o).__name__] = counts.get(type(o).__name__, 0) + 1
    return {
        k: counts.get(k, 0)
        for k in (
            "Node",
            "tuple",
            "list",
            "dict",
            "function",
            "generator",
            "ValueError",
            "method",
            "frame",
            "traceback",
            "cell",
        )
    }


for _ in range(30):
    churn(10)
before = census()
for _ in range(60):
    churn(10)
after = census()
print(
    {
        k: after[k] - before[k]
        for k in before
        if k in ("Node", "generator", "ValueError", "method", "frame", "traceback")
    }
)
print({k: abs(after[k] - before[k]) < 20 for k in before})

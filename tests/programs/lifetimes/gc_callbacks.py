# gc: callbacks, explicit collections in loops, get_referrers, tracked objects, thresholds.
import gc
from probe import steady, Loud, mark, deaths


class Node:
    def __init__(self, name):
        self.loud = Loud(name)
        self.me = self


def cycles(n):
    for i in range(n):
        Node(f"n{i}")
        if i % 2:
            mark("collect")
            gc.collect()
    return deaths()


def callback(phase, info):
    mark(phase)


def with_callbacks():
    gc.callbacks.append(callback)
    Node("cb")
    gc.collect()
    gc.callbacks.remove(callback)
    return deaths()


def referents():
    x = [1]
    y = [x, (x,), {"k": x}]
    return len(gc.get_referents(y)), sum(r is y for r in gc.get_referrers(x)), gc.is_tracked(x), gc.is_tracked(5)


def many(n):
    keep = []
    for i in range(n):
        a = []
        a.append(a)
        if i % 100 == 0:
            keep.append(a)
    return len(keep)


gc.disable()
steady(cycles, 4)
steady(with_callbacks)
steady(referents)
gc.enable()
gc.set_threshold(50, 3, 3)
steady(many, 3000)
gc.collect()
print(gc.collect() >= 0)

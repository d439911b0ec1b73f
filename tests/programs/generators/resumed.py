# Generators that are resumed often: what their frames hold between two resumptions, how they end, and who may look.
import gc
import itertools
import sys
import weakref


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def unbound(n):
    for i in range(n):
        if i == 3:
            late = i * 1.5
        if i > 3:
            yield late
            del late
            late = i / 2
        else:
            yield i


def never_bound(n):
    for i in range(n):
        yield i
        if i == n - 1:
            del i
    yield i


def shared(items):
    a = b = None
    for x in items:
        a = b = x
        yield a
        b = (a, x)
        yield b[0] is x, sys.getrefcount(x) > 2
        a = b


def numbers(n):
    big, small, real = 1 << 61, 0, 0.5
    for i in range(n):
        yield big, small, real
        big += 1 << 59
        small -= i
        real *= 1.5


def endings(kind):
    held = Noisy(f"held {kind}")
    for i in range(3):
        yield i
    if kind == "value":
        return kind, held.name
    if kind == "raise":
        raise LookupError(kind)
    if kind == "stop":
        raise StopIteration("inside")
    if kind == "tuple":
        return (1, 2)
    if kind == "exception":
        return ValueError("returned")


def drain(kind):
    it, out = endings(kind), []
    while True:
        try:
            out.append(next(it))
        except StopIteration as stop:
            return out, "stop", repr(stop.value), repr(stop.args), next(it, "after")
        except Exception as error:
            return out, type(error).__name__, repr(error.__cause__), next(it, "after")


def delegating(n):
    first = yield from range(n)
    second = yield from inner(n)
    yield first, second


def inner(n):
    total = 0
    for i in range(n):
        total += i
        yield total
    return total


def guarded(n, log):
    for i in range(n):
        try:
            yield i
        except GeneratorExit:
            log.append(("exit", i))
            raise
        except ValueError as error:
            log.append(("value", str(error)))
            yield -i
        finally:
            log.append(i)


def handled(n):
    for i in range(n):
        try:
            if i % 3 == 0:
                raise KeyError(i)
            yield i
        except KeyError as error:
            yield str(error), type(sys.exception()).__name__
        else:
            yield "fine", sys.exception()


def looking(n):
    for i in range(n):
        frame = sys._getframe()
        yield frame.f_lineno, frame.f_code.co_name, frame.f_back is not None, sorted(frame.f_locals)


def nested(n):
    for i in range(n):
        for j in range(i):
            for k in (10, 20):
                yield i, j, k
            if j == 2:
                break
        else:
            yield "whole", i


def recursive(depth):
    if depth:
        for x in recursive(depth - 1):
            yield x + 1
        yield from recursive(depth - 2) if depth > 1 else ()
    else:
        yield 0


def itself(box):
    for i in range(3):
        try:
            next(box[0])
        except ValueError as error:
            yield str(error)


def computing(n):
    for i in range(n):
        total = 0
        for k in range(i):
            total += k * k
        yield total


def echo():
    got = []
    while True:
        value = yield len(got)
        got.append(value)
        if value == "stop":
            return got


for turn in range(60):
    show = turn in (0, 59)
    out = [list(unbound(8)), list(numbers(12)), list(nested(6)), list(recursive(5)), list(computing(9)), list(handled(7))]
    out.append(list(delegating(4)))
    try:
        list(never_bound(4))
    except UnboundLocalError as error:
        out.append(str(error))
    out.append(list(shared([object() for _ in range(3)]))[1::2])
    out.append([x[1:] for x in looking(4)])
    out.append([x[0] for x in looking(4)] == [looking.__code__.co_firstlineno + 3] * 4)
    log = []
    g = guarded(5, log)
    out.append([next(g), next(g), g.throw(ValueError("thrown")), next(g), g.gi_frame.f_locals["i"], g.gi_running])
    g.close()
    out.append(log)
    box = []
    box.append(itself(box))
    out.append(list(box[0]))
    box.clear()
    e = echo()
    out.append([next(e), e.send("a"), next(e), e.send(5)])
    try:
        e.send("stop")
    except StopIteration as stop:
        out.append(stop.value)
    w = numbers(9)
    next(w)
    w.gi_frame.f_locals["small"] = 1000
    out.append(list(itertools.islice(w, 3)))
    out.append([sum(x * x for x in range(9)), any(x > 7 for x in range(9)), all(x for x in (1, 2, 0)), dict((k, k + 1) for k in "a" if 0)])
    if show:
        print(*out, sep="\n")
        for kind in "value", "raise", "stop", "tuple", "exception", "none":
            print(kind, drain(kind))

# Abandoned in the middle; collected in a cycle; kept by nothing but its frame's object.
for turn in range(40):
    g = endings("abandoned") if turn == 39 else inner(5)
    next(g)
    ref = weakref.ref(g)
    del g
    assert ref() is None
g = shared([Noisy("cycle")])
holder = [g, next(g)]
g.gi_frame.f_locals["a"].me = holder
del g, holder
gc.collect()

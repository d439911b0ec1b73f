# yield from: generators, iterators, return values, throw and close through several levels.
from probe import steady, mark, deaths


def leaf(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                mark(f"got {got}")
        return f"leaf {n}"
    except KeyError as e:
        mark(f"leaf caught {e}")
        yield "recovered"
        return "after throw"
    finally:
        mark("leaf finally")


def middle(n):
    try:
        r = yield from leaf(n)
        mark(f"r={r}")
        return [r]
    finally:
        mark("middle finally")


def top(n):
    a = yield from middle(n)
    b = yield from [10, 20]
    c = yield from range(2)
    return a, b, c


def all_values():
    g = top(3)
    out = []
    while True:
        try:
            out.append(next(g))
        except StopIteration as e:
            return out, e.value, deaths()


def with_send():
    g = top(3)
    return next(g), g.send("x"), g.send("y"), deaths()


def with_throw():
    g = top(3)
    next(g)
    r = g.throw(KeyError("k"))
    return r, list(g), deaths()


def with_close():
    g = top(3)
    next(g)
    y = g.gi_yieldfrom.gi_code.co_name
    g.close()
    return y, deaths()


def bad_target():
    return list((lambda: (yield from 5))())


class Custom:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def send(self, v):
        return ("sent", v)

    def throw(self, *e):
        return ("thrown", e[0].__class__.__name__)

    def close(self):
        mark("custom close")


def custom():
    def g():
        yield from Custom()

    x = g()
    out = [next(x), x.send(5), x.throw(ValueError(1))]
    x.close()
    return out, deaths()


def no_send():
    def g():
        yield from iter([1, 2])

    x = g()
    next(x)
    return x.send(3)


def tree(t):
    if isinstance(t, tuple):
        for x in t:
            yield from tree(x)
    else:
        yield t


for f in (all_values, with_send, with_throw, with_close, bad_target, custom, no_send):
    steady(f)
steady(lambda: list(tree((1, (2, (3, 4), 5), (6, ((7,),))))))

# Generator expressions: eager first iterable, late names, nested, exceptions, gi_frame locals.
from probe import steady


def eager():
    log = []

    def source():
        log.append("source")
        return [1, 2]

    g = (log.append(x) or x for x in source())
    log.append("made")
    r = list(g)
    return log, r


def late(n):
    g = (x * k for x in range(n))
    k = 10
    return list(g)


def not_iterable():
    return (x for x in 5)


def nested():
    return list((i, list(j * i for j in range(i))) for i in range(4))


def any_all(values):
    return any(v > 3 for v in values), all(v for v in values), sum(1 for v in values if v), tuple(v for v in values)


def frame_locals():
    g = (x for x in [1, 2, 3])
    next(g)
    return sorted(k for k in g.gi_frame.f_locals), g.gi_frame.f_locals["x"]


steady(eager)
steady(late, 4)
steady(not_iterable)
steady(nested)
steady(any_all, [0, 5, 2])
steady(any_all, [])
steady(frame_locals)

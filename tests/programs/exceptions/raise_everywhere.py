# A function with a try block where each of forty instructions raises once: right handler, right state.
from probe import steady


class Boom(Exception):
    pass


class Bomb:
    """Counts operations; the one numbered `at` raises."""

    count = 0
    at = 0

    def __init__(self, v):
        self.v = v

    def tick(self):
        Bomb.count += 1
        if Bomb.count == Bomb.at:
            raise Boom(Bomb.count)

    def __add__(self, o):
        self.tick()
        return Bomb(self.v + (o.v if isinstance(o, Bomb) else o))

    __radd__ = __add__

    def __lt__(self, o):
        self.tick()
        return self.v < o.v

    def __getitem__(self, k):
        self.tick()
        return self

    def __setitem__(self, k, v):
        self.tick()

    def __bool__(self):
        self.tick()
        return True

    def __iter__(self):
        self.tick()
        for i in range(2):
            self.tick()
            yield Bomb(i)

    def __call__(self, *a, **k):
        self.tick()
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.tick()
        return self

    def __contains__(self, x):
        self.tick()
        return True

    def __enter__(self):
        self.tick()
        return self

    def __exit__(self, *e):
        self.tick()

    def __format__(self, spec):
        self.tick()
        return "fmt"


def work(b):
    log = []
    try:
        x = b + 1
        log.append(1)
        y = x + b
        if x < y:
            log.append(2)
        z = b[x]
        b[0] = z
        log.append(3)
        for q in b:
            log.append(q.v)
            try:
                r = q + 1
                with r as s:
                    t = s.attr
                    log.append("with")
            except Boom as e:
                log.append(f"inner {e}")
            finally:
                u = q + q
                log.append("f")
        w = b(1, k=2)
        if w and x in b:
            log.append(f"{w:>5}")
        b.one.two(three=3)
        log.append("end")
    except Boom as e:
        log.append(f"outer {e}")
        return log, [k for k in ("x", "y", "z", "q", "r", "s", "t", "u", "w") if k in locals()]
    finally:
        log.append("last")
    return log, "complete"


def at(n):
    Bomb.count, Bomb.at = 0, n
    return work(Bomb(5))


for n in range(0, 40):
    steady(at, n)

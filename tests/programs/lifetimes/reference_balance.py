# After each operation has run fifty times, its operands have as many references as before: nothing lost, nothing kept.
import sys
from probe import steady


class O:
    cls = None

    def __init__(self, x=None):
        self.x = x

    def m(self, *args, **kw):
        return self

    @property
    def p(self):
        return self.x

    def __add__(self, other):
        return other

    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return True

    def __iter__(self):
        yield self
        yield self.x

    def __eq__(self, other):
        return NotImplemented

    __hash__ = object.__hash__


def f(x, y=None, *args, k=None, **kw):
    z = x
    return z


def f_raise(x):
    y = [x]
    raise ValueError(x)


OPERATIONS = {
    "assign": lambda a, b: (a, b)[0],
    "call": lambda a, b: f(a, b),
    "keywords": lambda a, b: f(a, k=b, z=a),
    "star": lambda a, b: f(*[a, b, a], **{"k": b}),
    "method": lambda a, b: a.m(b, k=a),
    "bound": lambda a, b: (a.m, a.m)[0](b),
    "attribute": lambda a, b: (a.x, a.p, a.__dict__),
    "add": lambda a, b: a + b,
    "item": lambda a, b: a[b],
    "compare": lambda a, b: (a == b, a is b, a != b, a in [b, a]),
    "list": lambda a, b: [a, b, *[a], *(b,)],
    "dict": lambda a, b: {a: b, **{"k": a}},
    "set": lambda a, b: {a, b, *[a]},
    "slice": lambda a, b: [a, b, a][0:2][::-1],
    "unpack": lambda a, b: [(x, y) for x, *y in [(a, b, a), (b, a)]],
    "comprehension": lambda a, b: [x for x in (a, b) for y in (b, a) if x is not y],
    "dict comprehension": lambda a, b: {x: y for x, y in ((a, b), (b, a))},
    "generator": lambda a, b: list(x for x in (a, b)),
    "iterate": lambda a, b: list(a),
    "conditional": lambda a, b: a if b else b,
    "and or": lambda a, b: (a and b, a or b, not a),
    "format": lambda a, b: f"{a is b}{[a, b] == 1}",
    "closure": lambda a, b: (lambda: (a, b))(),
    "walrus": lambda a, b: (c := a, c),
    "isinstance": lambda a, b: (isinstance(a, O), type(b), getattr(a, "x"), hasattr(b, "zz")),
    "construct": lambda a, b: (O(a), O(x=b)),
    "star result": lambda a, b: (*[a, b], *{a: b}.items()),
}


def stores(a, b):
    c = d = a
    c, d = d, b
    l = [None, None]
    l[0], l[1] = a, b
    l[0:1] = [b, a]
    a[b] = b
    e = O(a)
    e.x = b
    e.y = a
    del e.x, l[0]
    return l


def exceptions(a, b):
    try:
        f_raise(a)
    except ValueError as e:
        c = e.args
    try:
        a.nothing
    except AttributeError:
        pass
    try:
        a < b
    except TypeError:
        pass
    with a as d:
        raise KeyError(b)
    try:
        return c
    finally:
        d = b


def loops(a, b):
    for x in [a, b, a]:
        y = x
        if x is b:
            continue
        for z in (b, a):
            if z is a:
                break
    while y is not None:
        y, z = None, y
    return z


def matching(a, b):
    out = []
    for v in (a, [a, b], {"k": b}, (b,)):
        match v:
            case O(x=q):
                out.append(q)
            case [p, *q]:
                out.append(p)
            case {"k": r}:
                out.append(r)
    return out


def cells(a, b):
    def g():
        nonlocal a
        a, c = b, a
        return a

    g()
    del b
    return a


def generators(a, b):
    def g(x):
        y = yield x
        z = yield y
        return z

    it = g(a)
    next(it)
    it.send(b)
    try:
        it.send(a)
    except StopIteration as e:
        return e.value


OPERATIONS.update(
    stores=stores, exceptions=exceptions, loops=loops, matching=matching, cells=cells, generators=generators
)


def balance(name):
    operation = OPERATIONS[name]
    a, b = O(), O()
    a.x = b
    before = sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(O), sys.getrefcount(operation)
    for _ in range(50):
        operation(a, b)
    after = sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(O), sys.getrefcount(operation)
    return [x - y for x, y in zip(after, before)]


for name in OPERATIONS:
    print(name, balance(name))

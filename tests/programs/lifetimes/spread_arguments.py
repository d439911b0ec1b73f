# f(*args, **kwargs): what only the call held dies when the callee's frame does, in the order of its locals.
import functools
import sys
from probe import steady

log = []


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def plain(a, b=None, *, k=None):
    c = D("local")
    log.append("body")
    return sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(k)


def drops(a, b=None, *, k=None):
    log.append("in")
    del a
    log.append("a gone")
    b = None
    log.append("b gone")
    k = 1
    log.append("k gone")


def many(*args, **kwargs):
    log.append((sys.getrefcount(args), sys.getrefcount(args[0]), len(kwargs)))
    del args
    log.append("args gone")
    kwargs.clear()
    log.append("kwargs gone")


def raises(a, b=None, *, k=None):
    log.append("raises")
    raise ValueError("x")


def call(f):
    log.clear()
    out = []

    def note(result):
        out.append(result)
        log.append("|")

    for go in (
        lambda: f(*[D("a"), D("b")]),
        lambda: f(*(D("a"), D("b"))),
        lambda: f(*[D("a")], **{"k": D("k")}),
        lambda: f(*(D("a"), *[D("b")]), k=D("k")),
        lambda: f(**{"a": D("a")}),
        lambda: f(*(D(n) for n in "ab")),
        lambda: functools.partial(f, D("p"))(*[D("a")]),
        lambda: f(*[D("a"), D("b"), D("c")]),
        lambda: f(*[D("a")], **{"a": 1}),
    ):
        try:
            note(go())
        except (TypeError, ValueError) as e:
            note(str(e))
    kept = (D("kept"), 1)
    note(f(*kept)) if f is not raises else None
    names = {"k": D("kept k")}
    note(f(*kept, **names)) if f is not raises else None
    del kept
    log.append("tuple gone")
    del names
    return out, tuple(log)


for function in (plain, drops, many, raises):
    steady(call, function)

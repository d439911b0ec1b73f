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


CASES = (
    lambda f: f(*[D("a"), D("b")]),
    lambda f: f(*(D("a"), D("b"))),
    lambda f: f(*[D("a")], **{"k": D("k")}),
    lambda f: f(*(D("a"), *[D("b")]), k=D("k")),
    lambda f: f(**{"a": D("a")}),
    lambda f: f(*(D(n) for n in "ab")),
    lambda f: functools.partial(f, D("p"))(*[D("a")]),
    lambda f: f(*[D("a"), D("b"), D("c")]),
    lambda f: f(*[D("a")], **{"a": 1}),
)


def call(f, case):
    log.clear()
    try:
        result = case(f)
    except (TypeError, ValueError, IndexError) as e:
        result = str(e)
    log.append("|")
    return result, tuple(log)


def keeping(f):
    log.clear()
    kept = (D("kept"), 1)
    names = {"k": D("kept k")}
    result = f(*kept), f(*kept, **names)
    del kept
    log.append("tuple gone")
    del names
    return result, tuple(log)


for function in (plain, drops, many, raises):
    for case in CASES:
        print(function.__name__, CASES.index(case), end=" ")
        steady(call, function, case)
for function in (plain, drops, many):
    steady(keeping, function)

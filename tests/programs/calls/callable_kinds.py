# One call site which meets functions, builtins, classes, bound methods, partials, instances with __call__ and failures.
import functools
from probe import steady, outcome


def function(x):
    return "function", x


class Klass:
    def __init__(self, x):
        self.x = x

    def method(self, x):
        return "method", x

    def __call__(self, x):
        return "instance", x

    def __repr__(self):
        return f"Klass({self.x!r})"


def call(f, x):
    return f(x)


def call_kw(f, x):
    return f(x=x)


def call_star(f, x):
    return f(*[x])


KINDS = [
    function,
    len,
    Klass,
    Klass(0),
    Klass(0).method,
    functools.partial(function),
    str,
    "a{}".format,
    int,
    list,
    dict,
    type,
    lambda x: -x,
    [].append,
    {"q": 1}.get,
    Klass.method,
    None,
    5,
    isinstance,
    abs,
    ord,
    iter,
]


def site(c):
    out = []
    for f in KINDS * 2:
        for x in ("q", 7):
            text = outcome(c, f, x)
            out.append(text.split(" at 0x")[0].split("_iterator")[0])
    return out


for c in (call, call_kw, call_star):
    steady(site, c)

# Decorators with and without arguments, stacked, on methods, classes and properties.
import functools
from probe import steady, show, mark, deaths


def tag(name):
    mark(f"make {name}")

    def decorate(f):
        mark(f"apply {name}")

        @functools.wraps(f)
        def inner(*args, **kw):
            return (name, f(*args, **kw))

        return inner

    return decorate


@tag("outer")
@tag("inner")
def f(x, *, y=2):
    return x + y


def klass(c):
    c.extra = "added"
    return c


@klass
class C:
    @tag("method")
    def m(self, x):
        return x

    @property
    @tag("property")
    def p(self):
        return "p"

    @classmethod
    @tag("class")
    def c(cls):
        return cls.__name__

    @functools.cached_property
    def once(self):
        mark("computed")
        return 5


def use():
    c = C()
    return f(1), f(1, y=5), c.m(3), c.p, c.c(), C.c(), c.extra, c.once, c.once


print(deaths())
steady(use)
print(deaths())
show(f.__name__, f.__wrapped__.__wrapped__(1))

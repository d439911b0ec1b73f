# functools.partial, wraps, reduce, lru_cache, operator getters, map, filter, sorted with key functions.
import functools
import operator
from probe import steady, show, outcome


def add3(a, b, c=0):
    return a + b + c


@functools.lru_cache(maxsize=8)
def cached(x):
    return x * x


@functools.cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kw):
        return function.__name__, function(*args, **kw)

    return wrapper


@logged
def plus(a, b=1):
    "adds"
    return a + b


@functools.singledispatch
def kind(x):
    return "any"


@kind.register
def _(x: int):
    return "int"


@kind.register(list)
def _(x):
    return "list"


def partials():
    p = functools.partial(add3, 1, c=5)
    q = functools.partial(p, 2)
    return p(2), q(), q(c=7), p(2, c=1)


def chains(n):
    return (
        list(map(lambda x: x * 2, filter(lambda x: x % 3, range(n)))),
        functools.reduce(operator.mul, range(1, n)),
        sorted(range(n), key=lambda x: (-x % 4, x)),
        max(range(n), key=lambda x: x % 5),
        min("bca", key=ord),
    )


def dispatch():
    return [kind(x) for x in (1, True, [], "", 2.0)]


steady(partials)
steady(chains, 20)
steady(dispatch)
steady(plus, 2)
show(plus.__name__, plus.__doc__, plus.__wrapped__(1))
steady(cached, 5)
show(fib(200), tuple(cached.cache_info()), tuple(fib.cache_info()))
show(outcome(functools.partial(add3, 1)), outcome(functools.partial(add3, 1, 2, 3, 4)))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))

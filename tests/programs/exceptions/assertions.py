# assert with and without messages, and __debug__.
from probe import steady


def check(x, message):
    assert x, message
    return "fine"


def plain(x):
    assert x
    assert isinstance(x, (int, list)), ("not", x)
    return x


def lazy(x):
    log = []
    try:
        assert x, log.append("evaluated")
    except AssertionError as e:
        log.append(e.args)
    return log


def shadowed():
    AssertionError = ValueError
    assert 0, "the real one"


if __debug__:
    for x in (0, 1, [], "a", None):
        steady(check, x, "message")
        steady(plain, x)
        steady(lazy, x)
    steady(shadowed)

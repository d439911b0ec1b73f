# One exception re-raised through many frames and many times: the list of entries it gathers.
from probe import steady, trail


def a(e):
    raise e


def b(e):
    try:
        a(e)
    except ValueError:
        raise


def c(e):
    try:
        b(e)
    except ValueError as x:
        raise x


def d(e):
    try:
        c(e)
    finally:
        pass


def gather():
    e = ValueError("once")
    for _ in range(2):
        try:
            d(e)
        except ValueError:
            pass
    return trail(e)


def gather_in_loop(n):
    e = ValueError("loop")
    for i in range(n):
        try:
            raise e
        except ValueError as x:
            e = x.with_traceback(None) if i == 3 else x
    return trail(e)


steady(gather)
steady(gather_in_loop, 6)

# warnings: the stack level names the right line of the right file, also through compiled frames.
import warnings
from probe import steady

seen = []


def record(message, category, filename, lineno, file=None, line=None):
    seen.append((str(message), category.__name__, filename.rsplit("/", 1)[1], lineno))


def deprecated(level):
    warnings.warn(f"level {level}", DeprecationWarning, stacklevel=level)


def middle(level):
    x = 1
    deprecated(level)
    return x


def outer(level):
    return middle(level)


warnings.showwarning = record
warnings.simplefilter("always")


def levels():
    for level in (1, 2, 3):
        outer(level)
    found = list(seen)
    seen.clear()
    return found


def once(n):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for i in range(n):
            deprecated(2)
            warnings.warn("same")
        return [(str(w.message), w.lineno) for w in caught]


def as_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return deprecated(1)


def invalid_bool():
    return ~True


steady(levels)
steady(once, 4)
steady(as_error)
steady(invalid_bool)
print(len(seen))

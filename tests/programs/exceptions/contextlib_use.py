# contextlib: generator managers, ExitStack, suppress, closing, redirect, as decorators.
import contextlib
import io
from probe import steady, mark, deaths


@contextlib.contextmanager
def managed(name):
    mark(f"+{name}")
    try:
        yield name.upper()
    except KeyError as e:
        mark(f"k{e}")
    finally:
        mark(f"-{name}")


def stack(n):
    with contextlib.ExitStack() as s:
        got = [s.enter_context(managed(f"m{i}")) for i in range(n)]
        s.callback(mark, "callback")
        if n == 3:
            raise KeyError("three")
        return got


@managed("decorated")
def decorated(x):
    if x:
        raise KeyError(x)
    return "fine"


def suppressing(n):
    out = []
    for i in range(n):
        with contextlib.suppress(ZeroDivisionError, IndexError):
            out.append(6 // (i - 1))
            [][i - 2 if i == 4 else -1]
        out.append(i)
    return out


def redirect():
    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        print("hidden")
    with contextlib.nullcontext(5) as five:
        return buffer.getvalue(), five


def through():
    with managed("x"):
        raise ValueError("through")


for n in (0, 1, 3):
    steady(stack, n)
steady(decorated, 0)
steady(decorated, 1)
steady(suppressing, 6)
steady(redirect)
steady(through)
print(deaths())

"""What every random program begins with: a budget that ends it, and functions that show results, errors and deaths."""

PRELUDE = """\
import sys

BUDGET = 2500
G_int = 3
G_float = 1.5
G_list = [4, 5, 6]


class Exhausted(BaseException):
    pass


class Mine(Exception):
    pass


def ignored(unraisable):
    # A generator that dies with an exception: CPython's own message shows its address.
    print("ignored", type(unraisable.exc_value).__name__, unraisable.exc_value, getattr(unraisable.object, "__qualname__", None))


sys.unraisablehook = ignored


def tick():
    global BUDGET
    BUDGET -= 1
    if BUDGET < 0:
        raise Exhausted


class Loud:
    log = []

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"

    def __del__(self):
        Loud.log.append(self.name)


class Ctx:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        Loud.log.append("+")
        return 7

    def __exit__(self, kind, value, tb):
        Loud.log.append("-" if kind is None else kind.__name__)
        return self.swallow and kind is not None and issubclass(kind, Exception)


def shape(v, depth=2):
    if type(v) in (list, tuple) and depth:
        return f"{type(v).__name__}({', '.join(shape(x, depth - 1) for x in v[:8])})"
    if type(v) is dict and depth:
        return "dict(" + ", ".join(f"{shape(k, 0)}: {shape(x, depth - 1)}" for k, x in list(v.items())[:8]) + ")"
    if callable(v):
        return "callable"
    return f"{type(v).__name__} {v!r}"[:120]


def observe(name, function, *args, **kw):
    try:
        text = shape(function(*args, **kw))
    except Exception as e:
        text = f"{type(e).__name__}: {e}"[:160]
        tb = e.__traceback__.tb_next
        while tb:
            text += f" {tb.tb_frame.f_code.co_name}:{tb.tb_lineno}+{tb.tb_lasti}"
            tb = tb.tb_next
        c = e.__context__
        while c:
            text += f" after {type(c).__name__}"
            c = c.__context__
    print(name, text, " ".join(Loud.log))
    Loud.log.clear()

"""

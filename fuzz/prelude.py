"""What every random program begins with: a budget that ends it, and functions that show results, errors and deaths."""

PRELUDE = """\
import gc
import sys

gc.disable()  # when it comes depends on allocations that nobody sees: observe() calls it
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


KEPT = []


def visible(frame):
    known = [(k, v) for k, v in sorted(frame.f_locals.items()) if k[0] in "ifsl" and type(v) in (int, float, str, list)]
    return f"{frame.f_code.co_name}:{frame.f_lineno}+{frame.f_lasti} " + " ".join(f"{k}={shape(v, 1)[:20]}" for k, v in known[:5])


def look(frame, how):
    # What debuggers and clever libraries do to frames that are running.
    if not RUNNING:
        return
    if how == "line":
        Loud.log.append(f"{frame.f_code.co_name}:{frame.f_lineno}+{frame.f_lasti}")
    elif how == "stack":
        names = []
        while frame:
            names.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
            frame = frame.f_back
        Loud.log.append("/".join(names[:6]))
    elif how == "locals":
        Loud.log.append(visible(frame))
    elif how == "keep":
        if len(KEPT) < 3:
            KEPT.append(frame)
    elif how == "write":
        for name, value in sorted(frame.f_locals.items()):
            if name[0] == "i" and type(value) is int:
                frame.f_locals[name] = (value ^ 5, 2.5, 2**70, value)[value % 4]
                break
    elif how == "trace":
        lines = []

        def told(frame, event, arg):
            lines.append(f"{event[0]}{frame.f_lineno}")
            if len(lines) > 6:
                Loud.log.append("".join(lines))
                sys.settrace(None)
            return told

        frame.f_trace = told
        sys.settrace(told)


class Watch:
    # An object whose death is a look at the frame in which it dies.

    def __init__(self, how):
        self.name = how

    def __bool__(self):
        look(sys._getframe(1), self.name)
        return True

    def __del__(self, getframe=sys._getframe):
        look(getframe(1), self.name)


RUNNING = True  # until the interpreter ends and sets it to None, as all of the module's names


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
    sys.settrace(None)
    for frame in KEPT:
        Loud.log.append("kept " + visible(frame))
    if KEPT:
        KEPT.clear()
        gc.collect()
    print(name, text, " ".join(Loud.log))
    Loud.log.clear()

"""

# except*: splitting, re-raising the rest, naked exceptions, raising inside, nested groups.
from probe import steady


def text(e):
    if isinstance(e, BaseExceptionGroup):
        return f"{e.message}({', '.join(text(x) for x in e.exceptions)})"
    return repr(e)


def run(error):
    log = []
    try:
        try:
            raise error
        except* ValueError as e:
            log.append("v " + text(e))
        except* (KeyError, IndexError) as e:
            log.append("k " + text(e))
        except* OSError:
            log.append("os")
            raise
        else:
            log.append("else")
        finally:
            log.append("finally")
    except BaseException as e:
        log.append("left " + text(e))
    return log


def quiet():
    log = []
    try:
        pass
    except* ValueError:
        log.append("never")
    else:
        log.append("else")
    return log


def new_inside():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        raise TypeError("new")


def in_loop(n):
    out = []
    for i in range(n):
        try:
            raise ExceptionGroup("eg", [ValueError(i), TypeError(i)])
        except* ValueError as e:
            out.append(text(e))
        except* TypeError as e:
            out.append(text(e))
    return out


def derived():
    class Mine(ExceptionGroup):
        def derive(self, excs):
            return Mine(self.message + "'", excs)

    try:
        try:
            raise Mine("m", [ValueError(1), OSError(2)])
        except* ValueError as e:
            got = type(e).__name__, text(e)
    except Mine as e:
        return got, text(e)


V, K, O = ValueError("v"), KeyError("k"), OSError("o")
for error in (
    V,
    K,
    O,
    TypeError("t"),
    ExceptionGroup("a", [V]),
    ExceptionGroup("b", [V, K, O]),
    ExceptionGroup("c", [ExceptionGroup("in", [V, TypeError(1)]), O]),
    BaseExceptionGroup("d", [KeyboardInterrupt(), K]),
):
    steady(run, error)
steady(quiet)
steady(new_inside)
steady(in_loop, 4)
steady(derived)


def bad_star():
    try:
        raise V
    except* ExceptionGroup:
        pass


steady(bad_star)

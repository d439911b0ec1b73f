# try / except / else / finally in all combinations, entered and not, in loops.
from probe import steady


def all_parts(x):
    log = []
    try:
        log.append("try")
        if x == 1:
            raise ValueError("one")
        if x == 2:
            raise KeyError("two")
        if x == 3:
            {}["missing"]
        if x == 4:
            return log + ["returned"]
        if x == 5:
            [][0]
    except ValueError as e:
        log.append(f"value {e}")
    except (KeyError, TypeError) as e:
        log.append(f"key {e!r}")
    except Exception:
        log.append("other")
    else:
        log.append("else")
    finally:
        log.append("finally")
    log.append("after")
    return log


def loop(n):
    out = []
    for i in range(n):
        try:
            if i % 4 == 0:
                continue
            if i == 9:
                break
            out.append(10 // (i % 3))
        except ZeroDivisionError:
            out.append("zero")
            if i > 6:
                continue
        else:
            out.append("else")
        finally:
            out.append(-i)
    else:
        out.append("no break")
    return out


def bare(f):
    try:
        f()
    except:
        return "caught"
    return "fine"


def raise_system_exit():
    raise SystemExit(3)


def expressions(values):
    out = []
    for v in values:
        try:
            out.append(v + 1)
        except TypeError as e:
            try:
                out.append(v + "!")
            except TypeError as inner:
                out.append((str(e), str(inner)))
    return out


for x in range(7):
    steady(all_parts, x)
steady(loop, 14)
steady(loop, 6)
steady(bare, raise_system_exit)
steady(bare, list)
steady(expressions, [1, 2.5, "s", None, [1], 2**70])

# return, break, continue and raise inside finally, and which of several results wins.
from probe import steady


def two_returns():
    try:
        return "try"
    finally:
        return "finally"


def swallows(x):
    for _ in range(1):
        try:
            1 / x
        finally:
            break
    return "swallowed"


def continue_swallows(n):
    out = []
    for i in range(n):
        try:
            out.append(10 // (i - 2))
        finally:
            if i < 4:
                continue
        out.append("end")
    return out


def value_is_fixed():
    x = 1
    try:
        return x
    finally:
        x = 2


def mutable_is_not():
    x = [1]
    try:
        return x
    finally:
        x.append(2)


def raise_replaces():
    try:
        raise KeyError("first")
    finally:
        raise ValueError("second")


def nested(n):
    log = []
    try:
        try:
            try:
                if n == 0:
                    raise ValueError("deep")
                if n == 1:
                    return log
                log.append("body")
            finally:
                log.append("f1")
                if n == 2:
                    raise KeyError("f1")
        except ValueError:
            log.append("except")
            raise
        else:
            log.append("else")
        finally:
            log.append("f2")
    except (ValueError, KeyError) as e:
        log.append(repr(e))
    finally:
        log.append("f3")
    return log


def loop_return(n):
    for i in range(n):
        try:
            if i == 3:
                return i
        finally:
            if i == 2:
                n = 0
            for j in range(2):
                try:
                    continue
                finally:
                    n += j
    return n


def while_finally():
    out = []
    i = 0
    while True:
        try:
            i += 1
            if i == 2:
                continue
            if i == 5:
                break
            out.append(i)
        finally:
            out.append(f"f{i}")
    return out


def return_in_except():
    try:
        raise ValueError
    except ValueError as e:
        return type(e).__name__
    finally:
        try:
            raise KeyError
        except KeyError:
            pass


for f in (two_returns, value_is_fixed, mutable_is_not, raise_replaces, while_finally, return_in_except):
    steady(f)
for n in range(4):
    steady(nested, n)
steady(swallows, 0)
steady(swallows, 1)
steady(continue_swallows, 6)
steady(loop_return, 6)
steady(loop_return, 2)

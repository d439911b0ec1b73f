# Reading locals which are unbound on some paths: in loops, after del, after except, in finally.
from probe import steady


def maybe(values):
    out = []
    for v in values:
        try:
            if v:
                x = v
            out.append(x)
            del x
        except UnboundLocalError as error:
            out.append(str(error))
    return out


def after_except():
    try:
        raise ValueError("v")
    except ValueError as e:
        kept = str(e)
    try:
        return e
    except UnboundLocalError as error:
        return kept, str(error)


def loop_variable(values):
    for v in values:
        pass
    return v


def late_assign(n):
    for i in range(n):
        if i > n // 2:
            r = i
        if i == n - 1:
            return r, q
        q = i


def in_finally():
    try:
        raise KeyError
    finally:
        return missing_so_far
        missing_so_far = 1


def augmented():
    undefined += 1


def comprehension_scope():
    [zz for zz in range(3)]
    return zz
    zz = 1


steady(maybe, [1, 0, 2, 0, 0, 3, 0.0, "a"])
for function in (after_except, in_finally, augmented, comprehension_scope):
    steady(function)
steady(loop_variable, [])
steady(loop_variable, [1, 2])
steady(late_assign, 9)
steady(late_assign, 1)

# The loop that raises at turn N for each N, with handlers inside, outside and around a callee.
from probe import steady, trail


def inside(n, at):
    total = 0
    for i in range(n):
        try:
            total += 10 // (i - at)
        except ZeroDivisionError as e:
            total += 1000
            last = trail(e)
    return total, last


def outside(n, at):
    total = 0
    try:
        for i in range(n):
            total += 10 // (i - at)
    except ZeroDivisionError as e:
        return total, i, trail(e)
    return total


def in_callee(n, at):
    def g(i):
        return [0] * 3 if i != at else None

    total = 0
    for i in range(n):
        try:
            total += len(g(i))
        except TypeError as e:
            total += 100
    return total


def attribute(n, at):
    class O:
        pass

    o = O()
    o.x = 1
    total = 0
    for i in range(n):
        if i == at:
            del o.x
        try:
            total += o.x
        except AttributeError as e:
            o.x = 5
            total += len(str(e))
    return total


def finally_each(n, at):
    log = []
    for i in range(n):
        try:
            if i == at:
                raise KeyError(i)
            log.append(i)
        except KeyError:
            log.append("k")
            continue
        finally:
            log.append("f")
    return log


def list_index(n, at):
    l = list(range(n))
    total = 0
    for i in range(n):
        try:
            total += l[i + (n if i == at else 0)]
        except IndexError:
            total -= 1
    return total


def unpacking(n, at):
    total = 0
    for i in range(n):
        try:
            a, b = (i, i) if i != at else (i,)
            total += a + b
        except ValueError as e:
            total += len(str(e)) * 1000
    return total


for f in (inside, outside, in_callee, attribute, finally_each, list_index, unpacking):
    for at in (0, 1, 5, 9):
        steady(f, 10, at)

# Calls from C and loops of generators at every depth, so that some of each come to the end of a chunk of the data stack.
import functools
import sys
import traceback


def key(x, scale=3, *rest, flip=False, **more):
    return -x * scale if flip else x * scale + len(rest) + len(more)


def looping(n, fail):
    total = 0
    for i in range(n):
        total += key(i)
        if i % 7 == 3:
            yield total
        if i == fail:
            raise ValueError(i, sys._getframe().f_lineno)
    try:
        while total > 0:
            total -= 100
            if total == fail:
                raise KeyError(total)
    finally:
        yield "done", total


def raising(x):
    if x == 5:
        raise LookupError(x)
    return x


def work():
    out = [sum(map(key, range(9))), sorted(range(9), key=functools.partial(key, flip=True))[0], max("abc", key=ord)]
    out.append(sum(key(x, **{"scale": 2}) for x in range(4)))
    for fail in (-1, 20):
        try:
            out.append(list(looping(30, fail)))
        except ValueError as error:
            out.append((error.args, traceback.extract_tb(error.__traceback__)[-1].name))
    try:
        list(map(raising, range(9)))
    except LookupError as error:
        out.append([f.name for f in traceback.extract_tb(error.__traceback__)])
    return out


def deeper(depth):
    return deeper(depth - 1) if depth else work()


results = [deeper(depth) for depth in range(160)]
print(results[0], all(r == results[0] for r in results))

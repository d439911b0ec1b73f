# What tools see of code objects stays as compiled: co_code, disassembly, lines, positions, hash, marshal, copy.
import copy
import dis
import io
import marshal
import pickle
from probe import steady


def f(values):
    total = 0
    for v in values:
        try:
            total += v
        except TypeError:
            total -= 1
    return total


def method_free(x, *, k=1):
    return [x + i for i in range(k)]


def run():
    for _ in range(60):
        f([1, 2, 3, "x", 1.5])
        method_free(1, k=3)


def seen():
    run()
    out = io.StringIO()
    dis.dis(f, file=out)
    c = f.__code__
    again = marshal.loads(marshal.dumps(c))
    return (
        c.co_code.hex(),
        len(out.getvalue().splitlines()),
        list(c.co_lines())[:5],
        len(list(c.co_positions())),
        c == again,
        hash(c) == hash(again),
        copy.copy(f) is f,
        copy.deepcopy(f) is f,
        pickle.loads(pickle.dumps(f)) is f,
        c.co_stacksize,
        c.co_exceptiontable.hex(),
        f.__dict__,
        f.__closure__,
        type(f.__call__).__name__,
        f.__vectorcalloffset__ if hasattr(f, "__vectorcalloffset__") else None,
    )


steady(seen)

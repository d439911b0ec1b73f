"""Runs a helper and the interpreter's own instruction on equal operands and compares everything that can be seen:
results, exceptions and their attributes, the log of calls and destructions, and whether memory is kept."""
import gc
import re
import sys
import types

import helpers_build

ext = helpers_build.load()
NULL = ext.NULL
log = []


def before_helper(args):
    """Replaced by tests that make the operands special for the helper only."""


class Noisy:
    """Logs its destruction, and every operation on it."""

    name = "unnamed"

    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(f"del {self.name}")

    def __repr__(self):
        return f"<{self.name}>"

    def __hash__(self):  # not the address: sets shall have one order
        return hash(self.name)


class Op(Noisy):
    def __add__(self, o):
        log.append(f"{self.name}.add")
        return NotImplemented if getattr(o, "name", "") == "no" else f"sum {self.name}"

    def __radd__(self, o):
        log.append(f"{self.name}.radd")
        return "rsum"

    def __iadd__(self, o):
        log.append(f"{self.name}.iadd")
        return self

    def __eq__(self, o):
        log.append(f"{self.name}.eq")
        return Op("truth") if getattr(o, "name", "") == "truthy" else NotImplemented

    def __lt__(self, o):
        log.append(f"{self.name}.lt")
        raise ValueError("lt")

    def __bool__(self):
        log.append(f"{self.name}.bool")
        if self.name == "raises":
            raise ZeroDivisionError("bool")
        return self.name != "false"

    def __hash__(self):
        log.append(f"{self.name}.hash")
        return 1

    def __neg__(self):
        return Op("neg")

    def __invert__(self):
        raise OverflowError("inv")

    def __getitem__(self, k):
        log.append(f"{self.name}[]")
        if isinstance(k, slice):
            return (k.start, k.stop, k.step)
        if isinstance(k, int) and k > 2:
            raise IndexError(k)
        return Op("item")

    def __setitem__(self, k, v):
        log.append(f"{self.name}[]=")

    def __delitem__(self, k):
        log.append(f"del {self.name}[]")
        raise KeyError(k)

    def __contains__(self, x):
        log.append(f"{self.name}.contains")
        return Op("truth")

    def __len__(self):
        return -5 if self.name == "short" else 3

    def __format__(self, spec):
        return f"{self.name}:{spec}"


def plain_repr(x):
    return re.sub("0x[0-9a-f]+", "0x", repr(x))


def describe(e, depth=0):
    if e is None or depth > 3:
        return None
    attrs = {k: plain_repr(getattr(e, k, None)) for k in ("name", "obj", "path", "name_from", "value")}
    return (type(e), re.sub("0x[0-9a-f]+", "0x", str(e)), attrs, describe(e.__context__, depth + 1), describe(e.__cause__, depth + 1))


def shape(x):
    if isinstance(x, float):
        return repr(x)
    if isinstance(x, (tuple, list)):
        return type(x), [shape(i) for i in x]
    if isinstance(x, dict):
        return [(shape(k), shape(v)) for k, v in x.items()]
    return type(x), plain_repr(x)


def fresh(f):
    """A copy whose instructions are not specialised: some specialised forms drop references in another order."""
    if not isinstance(f, types.FunctionType):
        return f
    return types.FunctionType(f.__code__.replace(), f.__globals__, f.__name__, f.__defaults__, f.__closure__)


def observe(f, make):
    """What f(list of fresh operands) does."""
    log.clear()
    args = make()
    try:
        r = f(args)
        log.append("returned")
        seen = "result", shape(r), r is NULL
        r = None
    except BaseException as e:
        log.append("raised")
        seen = "exception", describe(e), None
        e.__traceback__ = None
    seen += ([repr(type(a)) for a in args],)
    del args
    return seen, list(log)


def same(real, name, make, extra=(), convert=None, logs=True):
    """`real` and the helper get lists of operands from make(); `extra` are further helper arguments."""

    def helper(args):
        before_helper(args)
        r = ext.run(name, args)
        return convert(r) if convert else r

    def operands():
        return [*make(), *extra]

    def reality(args):
        del args[len(args) - len(extra):]
        return fresh(real)(args)

    a, la = observe(reality, operands)
    b, lb = observe(helper, operands)
    assert a[:3] == b[:3], (name, make(), a, b)
    if logs and not (logs == "of results" and a[0] != "result"):
        assert la == lb, (name, make(), la, lb)


def no_leak(f, rounds=60, slack=8):
    """f() keeps no memory."""
    for _ in range(10):
        f()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(rounds):
        f()
    log.clear()
    gc.collect()
    assert sys.getallocatedblocks() - before <= slack, sys.getallocatedblocks() - before


def quiet(f):
    try:
        f()
    except BaseException as e:
        e.__traceback__ = None

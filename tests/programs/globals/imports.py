# Imports inside functions: plain, from, as, star at module level, relative failures, hooks and cycles.
import builtins
import sys
import types
from math import *
from probe import steady, outcome, mark, deaths


def inside():
    import math
    import os.path as p
    from collections import OrderedDict as OD, namedtuple
    from os import path

    return math.floor(2.5), p is path, OD.__name__, namedtuple("N", "a b")(1, 2), floor(3.7)


def missing_name():
    from math import nothing


def missing_module():
    import no_such_module_at_all


def missing_sub():
    import os.nothing


def relative():
    from . import something


def faked(n):
    out = []
    for i in range(n):
        fake = types.ModuleType("fake_module")
        fake.value = i
        sys.modules["fake_module"] = fake
        from fake_module import value
        import fake_module

        out.append((value, fake_module.value))
        del sys.modules["fake_module"]
    return out


def hooked(n):
    real = builtins.__import__
    out = []

    def hook(name, *rest):
        mark(name)
        return real(name, *rest)

    for i in range(n):
        if i == 2:
            builtins.__import__ = hook
        if i == 5:
            builtins.__import__ = real
        import math

        out.append(math.ceil(i / 2))
    return out


def none_in_modules():
    sys.modules["blocked_module"] = None
    import blocked_module


steady(inside)
for function in (missing_name, missing_module, missing_sub, relative, none_in_modules):
    steady(function)
steady(faked, 4)
steady(hooked, 7)
print(deaths())

# Builtins shadowed by globals, changed in the builtins module and restored, while loops use them.
import builtins
from probe import steady


def shadow_len(n):
    global len
    out = []
    for i in range(n):
        out.append(len("abc"))
        if i == 5:
            len = lambda x: "shadow"
        if i == 8:
            del len
    return out


def shadow_range(n):
    global range
    out = []
    for turn in builtins.range(n):
        out.append(sum(range(5)))
        if turn == 4:
            range = lambda k: [1, 2]
        if turn == 6:
            del range
    return out


def replace_builtin(n):
    real = builtins.abs
    out = []
    for i in range(n):
        out.append(abs(-i))
        if i == 4:
            builtins.abs = lambda x: "replaced"
        if i == 7:
            builtins.abs = real
    return out


def new_builtin(n):
    out = []
    for i in range(n):
        try:
            out.append(brand_new(i))
        except NameError as error:
            out.append(str(error))
        if i == 3:
            builtins.brand_new = lambda x: x * 2
        if i == 6:
            del builtins.brand_new
    return out


def shadow_types(n):
    global int, isinstance
    out = []
    for i in range(n):
        out.append((int("7"), isinstance(i, builtins.int)))
        if i == 3:
            int = lambda x: "int"
            isinstance = lambda a, b: "isinstance"
        if i == 5:
            del int, isinstance
    return out


def caller_changes(n):
    out = []
    for i in range(n):
        out.append(max(1, 2))
        helper(i)
    return out


def helper(i):
    if i == 3:
        globals()["max"] = min
    if i == 6:
        del globals()["max"]


for function in (shadow_len, shadow_range, replace_builtin, new_builtin, shadow_types, caller_changes):
    steady(function, 12)

# Globals rebound, deleted and shadowed by the very loops which read them.
from probe import steady, outcome

counter = 0
step = 1


def f():
    return "f1"


def g():
    return "f2"


def count(n):
    global counter
    counter = 0
    for i in range(n):
        counter += step
    return counter


def change_function(n):
    global f
    keep = f
    out = []
    for i in range(n):
        out.append(f())
        if i == 5:
            f = g
        if i == 8:
            f = lambda: "f3"
        if i == 10:
            f = keep
    return out


def change_value(n):
    global step
    out = 0
    for i in range(n):
        out += step
        if i == 4:
            step = 0.5
        if i == 8:
            step = 2**65
        if i == 11:
            step = 1
    return out


def change_by_dict(n):
    out = []
    for i in range(n):
        out.append(step)
        globals()["step"] = i
    globals()["step"] = 1
    return out


def remove(n):
    global vanishing
    vanishing = 1
    out = []
    for i in range(n):
        try:
            out.append(vanishing)
        except NameError as error:
            out.append(str(error))
            vanishing = "back"
        if i == 4:
            del vanishing
    return out


def delete_twice():
    global vanishing
    vanishing = 1
    del vanishing
    del vanishing


def unknown():
    return no_such_name


steady(count, 300)
steady(change_function, 13)
steady(change_value, 14)
steady(change_by_dict, 6)
steady(remove, 8)
steady(delete_twice)
steady(unknown)

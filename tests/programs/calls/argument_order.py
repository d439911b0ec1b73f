# The order in which callee, arguments, keywords and their errors are evaluated.
from probe import steady, mark, deaths, outcome


def note(x):
    mark(str(x))
    return x


def f(*args, **kw):
    mark("call")
    return args, kw


class Root:
    def __getattr__(self, name):
        mark("." + name)
        return f


root = Root()


def order():
    return (note(f))(note(1), note(2), k=note(3), *note([4]), **note({"z": 5}))


def method_order():
    return root.go(note(1), k=note(2))


def subscript_order(d):
    d[note("k")] = note("v")
    (d if note("t") else None)[note("i")] = [note("r")]
    return d


def failing():
    note("a")
    return missing(note("b"))


def failing_argument():
    return f(note(1), 1 / 0, note(2))


def attribute_of_call():
    return note(root).first(note(1))[0]


def clear(function, *args):
    print(
        outcome(function, *args), deaths().replace(repr(f), "f").replace("<__main__.Root", "root").split(" object")[0]
    )


def compare_order():
    return note(1) < note(2) < note(0) < note(5)


def dict_order():
    return {note("k1"): note("v1"), note("k2"): note("v2"), **note({"k3": 1})}


for _ in range(12):
    for function, args in (
        (method_order, ()),
        (subscript_order, ({},)),
        (failing, ()),
        (failing_argument, ()),
        (compare_order, ()),
        (dict_order, ()),
    ):
        clear(function, *args)

# C functions and methods of every calling convention: results, errors, references, order of destruction.
import gc
import math
import operator
import sys


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)

    def __len__(self):
        return sys.getrefcount(self)

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        print("eq", self.name)
        return self is other

    def __repr__(self):
        return f"<{self.name}>"


def without_parameters(items, text, table):
    return sys.gettrace(), gc.isenabled(), items.copy(), text.upper(), sorted(table.keys()), text.strip()


def of_one(items, text, table):
    items.append(Noisy("appended"))
    return len(items), repr(text), text.join(["a", "b"]), table.pop("k", None), operator.index(3), abs(-3), len(Noisy("len"))


def of_many(items, text, table):
    return (
        isinstance(items, list), getattr(items, "missing", "default"), math.gcd(12, 18), max(3, 4), text.split("l", 1),
        text.replace("l", "L"), table.get("k"), table.get("no", Noisy("default").name), table.setdefault("s", 5), text.encode(),
        items.index(items[0]), text.startswith("he"), isinstance(text, (int, str)), hasattr(text, "nothing"),
    )


def of_classes(items, text, table):
    return str(5), int("7"), tuple(items[:1]) != (), list(text), dict(a=1), type(text).__name__, bool(items), sorted(set(text)), \
        float(text[0:0] or 1), range(3), bytes(2), frozenset("a"), str(text) is text


def shared(o):
    return isinstance(o, Noisy), sys.getrefcount(o), len(o), operator.is_(o, o), o.name.upper()


def failing(kind):
    try:
        if kind == 0:
            len(Noisy and 5)
        elif kind == 1:
            [].index(Noisy("sought"))
        elif kind == 2:
            "x".join([1])
        elif kind == 3:
            getattr(Noisy("owner"), "missing")
        elif kind == 4:
            int("none")
        elif kind == 5:
            str.upper(5)
        elif kind == 6:
            [].pop()
        elif kind == 7:
            math.gcd("a")
        elif kind == 8:
            len()
        else:
            isinstance(1)
    except Exception as error:
        return type(error).__name__, str(error), error.__traceback__.tb_lineno


class Text(str):
    def upper(self):
        return "mine"


class Items(list):
    pass


for turn in range(60):
    items = [1, 2]
    for function in without_parameters, of_one, of_many, of_classes:
        result = function(items, "hello", {"k": 1})
        if turn in (0, 1, 30, 59):
            print(turn, function.__name__, result)
    o = Noisy("shared")
    result = shared(o)
    failures = [failing(kind) for kind in range(10)]
    if turn % 20 == 0:
        print(result, failures)
    del o

# Other classes than the code was compiled for, and other functions behind the names.
print(without_parameters(Items([1]), Text("hello"), {}), of_one(Items(), Text("hello"), {}), of_many(Items([0]), Text("hello"), {}))
len = lambda o: "my len"
for turn in range(40):
    result = of_one([], "hello", {})
print(result)
del len
print(of_one([], "hello", {}))

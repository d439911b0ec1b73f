# Tracebacks with lines, columns and instruction offsets, from functions, methods, loops, comprehensions and handlers.
from probe import trail, print_traceback


class C:
    def method(self, x):
        return (x + 1) * self.attr.missing

    attr = 5

    @property
    def prop(self):
        return [1, 2][
            self.attr
        ]

    def __add__(self, other):
        raise ValueError("in add")

    def __getitem__(self, k):
        return {}[k]


def binary(a, b):
    x = 1 + 2
    return x + (a * b) + (a /
                          b)


def chain_of_calls(n):
    if n == 0:
        return binary(1, 0)
    return chain_of_calls(n - 1)


def attribute():
    return C().method(1)


def prop():
    return C().prop


def operator():
    c = C()
    return 1 if c + 1 else 2


def item():
    return C()["key"]


def comprehension(n):
    return [10 // (3 - i) for i in range(n)]


def generator(n):
    return sum(10 // (3 - i) for i in range(n))


def unpack():
    a, b = (1, 2, 3)


def star():
    a, *b, c = [1]


def call():
    return len(
        5
    )


def keyword():
    return binary(1, c=2)


def subscript_store():
    x = ()
    x[0] = 1


def delete():
    d = {}
    del d["k"]


def loop():
    for i in range(5):
        for j in (1, 2, 0):
            if i == 3:
                i // j


def in_handler():
    try:
        loop()
    except ZeroDivisionError as e:
        raise KeyError("again") from e


def in_finally():
    try:
        unpack()
    finally:
        star()


def assertion(x):
    assert x > 0, f"x is {x}"


def with_block():
    class M:
        def __enter__(self):
            return self

        def __exit__(self, *e):
            raise OSError("exit")

    with M():
        1 / 0


def name():
    return undefined


def reraised():
    try:
        name()
    except NameError:
        raise


def iterate():
    for x in 5:
        pass


def compare():
    return 1 < 2 < "x"


def format_it():
    return f"{1} {'a':d}"


def lambda_():
    return (lambda x: x.y)(1)


FUNCTIONS = [attribute, prop, operator, item, unpack, star, call, keyword, subscript_store, delete, loop, in_handler,
             in_finally, with_block, name, reraised, iterate, compare, format_it, lambda_]
for turn in range(12):
    for function, args in [(f, ()) for f in FUNCTIONS] + [(chain_of_calls, (3,)), (comprehension, (6,)), (generator, (6,)), (assertion, (0,))]:
        try:
            function(*args)
        except Exception as error:
            if turn in (0, 3, 11):
                print(trail(error))
            if turn == 11:
                print_traceback(error)

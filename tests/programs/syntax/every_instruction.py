# Source for instructions that other programs reach rarely or never.
import inspect
from probe import steady, outcome, show

answer: int = 42
unset: str


def swaps(a, b, c):
    a, b, c = c, b, a
    a, b = b, a
    return a < b < c, a, b, c


def copy_and_swap(d, k):
    d[k] += 1
    d[k][0:1] if isinstance(d[k], list) else None
    return d


def delete_everything():
    global g1
    g1 = [1]
    x = [1, 2]
    y = 5

    def cell():
        return y

    class O:
        pass

    o = O()
    o.attr = 1
    del o.attr, x[0], x, g1, y
    return outcome(cell), sorted(locals())


def none_jumps(x, y):
    r = []
    if x is None:
        r.append("x none")
    if y is not None:
        r.append("y not none")
    while x is not None and len(r) < 5:
        r.append("loop")
        x = None if len(r) > 3 else x
    return r


def conversions(x):
    return f"{x!r}{x!s}{x!a}{x:>5}{x}"


def build_many(a, b):
    return (
        [a, b],
        (a, b),
        {a, b},
        {a: b, b: a},
        {"x": a, "y": b},
        f"{a}-{b}-{a}",
        slice(a, b),
        [1, 2, 3, 4],
        {1, 2, 3, 4},
    )


def set_function_attributes():
    k = 1

    def f(a: int = 2, *, b: str = "b") -> list:
        return a, b, k

    return f(), f.__annotations__, f.__kwdefaults__, f.__defaults__


def intrinsic_lists(*a):
    print(end="")
    return (*a, 1), [*a], +a[0], ~a[0], -a[0], not a[0]


def long_jump(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += 1
            total += 2
            total += 3
            total += 4
            total += 5
            total += 6
            total += 7
            total += 8
            total += 9
            total += 10
            total += 1
            total += 2
            total += 3
            total += 4
            total += 5
            total += 6
            total += 7
            total += 8
            total += 9
            total += 10
            total += 1
            total += 2
            total += 3
            total += 4
            total += 5
            total += 6
            total += 7
            total += 8
            total += 9
            total += 10
            total += 1
            total += 2
            total += 3
            total += 4
            total += 5
            total += 6
            total += 7
            total += 8
            total += 9
            total += 10
            total += 1
            total += 2
            total += 3
            total += 4
            total += 5
            total += 6
            total += 7
            total += 8
            total += 9
            total += 10
        else:
            total -= i
    return total


def reraise_from_with(f):
    try:
        with open("/no/such/file"):
            pass
    except OSError as e:
        raise f from e


async def coroutine():
    async def agen():
        yield 1

    return [x async for x in agen()]


def run_coroutine():
    try:
        coroutine().send(None)
    except StopIteration as e:
        return e.value


steady(swaps, 1, 2, 3)
steady(copy_and_swap, {"k": 0}, "k")
steady(delete_everything)
for x, y in ((None, None), (1, 2)):
    steady(none_jumps, x, y)
steady(conversions, "é")
steady(build_many, 1, 2)
steady(set_function_attributes)
steady(intrinsic_lists, 5, 6)
steady(long_jump, 40)
steady(reraise_from_with, ValueError("v"))
steady(run_coroutine)
show(inspect.getmodule(swaps).__name__, __annotations__)
del answer

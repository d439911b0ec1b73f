# with: several managers, exits that swallow, exits that raise, return and break out of them, special lookups.
from probe import steady, outcome, mark, deaths


class M:
    def __init__(self, name, swallow=False, fail=None):
        self.name, self.swallow, self.fail = name, swallow, fail

    def __enter__(self):
        mark(f"+{self.name}")
        if self.fail == "enter":
            raise ValueError("enter " + self.name)
        return self.name

    def __exit__(self, kind, value, tb):
        mark(f"-{self.name}:{kind.__name__ if kind else None}:{value}:{tb is not None}")
        if self.fail == "exit":
            raise KeyError("exit " + self.name)
        return self.swallow


def two(a, b, body):
    with a as x, b as y:
        mark(x + y)
        return body()


def grouped(a, b):
    with (
        a as x,
        b as (y, *z),
    ):
        mark(f"{x}{y}{z}")
    return "after"


def loop(n):
    out = []
    for i in range(n):
        with M(str(i), swallow=i % 2):
            if i == 2:
                continue
            if i == 5:
                break
            if i % 2:
                raise ValueError(i)
            out.append(i)
        out.append("after")
    return out


def nested():
    with M("a", swallow=True):
        with M("b"):
            with M("c", fail="exit"):
                raise OSError("body")
    return "swallowed"


def finally_inside():
    try:
        with M("w"):
            try:
                return "value"
            finally:
                mark("inner finally")
    finally:
        mark("outer finally")


class NoExit:
    def __enter__(self):
        pass


class NoEnter:
    def __exit__(self, *a):
        pass


def use(m):
    with m:
        mark("body")


def instance_attributes_ignored():
    m = M("i")
    m.__exit__ = lambda *a: mark("wrong")
    use(m)


def divide():
    return 1 / 0


for a, b in (
    (M("a"), M("b")),
    (M("a", True), M("b")),
    (M("a"), M("b", True)),
    (M("a"), M("b", fail="enter")),
    (M("a"), M("b", fail="exit")),
    (M("a", True), M("b", fail="exit")),
    (M("a", fail="enter"), M("b")),
):
    for body in (list, divide):
        steady(two, a, b, body)
    print(deaths())
steady(grouped, M("a"), M("bcd"))
steady(loop, 8)
for f in (nested, finally_inside, instance_attributes_ignored):
    steady(f)
print(deaths())
for bad in (5, NoExit(), NoEnter()):
    print(outcome(use, bad))

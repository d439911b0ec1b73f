# f-strings: conversions, specifications nested, =, errors, objects with __format__, evaluation order.
import datetime
from probe import steady, outcome, mark, deaths


class F:
    def __format__(self, spec):
        mark(f"format {spec!r}")
        return f"F<{spec}>"

    def __str__(self):
        mark("str")
        return "str"

    def __repr__(self):
        mark("repr")
        return "répr"


class Bad:
    def __format__(self, spec):
        return 5


class NoSpec:
    pass


def plain(a, b):
    return (
        f"{a}",
        f"{a}{b}",
        f"x{a}y{b}z",
        f"{a!r}",
        f"{a!s:>6}",
        f"{b!a:<8}|",
        f"{a=}",
        f"{a + b = }",
        f"{{}}{a}{{",
        f"",
    )


def specs(x, w, p):
    return f"{x:{w}}", f"{x:{w}.{p}f}", f"{x:>{w + 2}}", f"{x!r:^{w}}", f"{x:{'0' + str(w)}}"


def objects():
    f = F()
    return f"{f}", f"{f:abc}", f"{f!s}", f"{f!r}", f"{f!a}", f"{f!r:>8}", f"{f:{f!s}}", deaths()


def order():
    def n(x):
        mark(str(x))
        return x

    return f"{n(1)}{n(2):{n(3)}}{n(4)!r}", deaths()


def kinds():
    return [f"{x}" for x in (1, 2.5, "s", None, True, [1], 2**70, 1j, b"b", int)]


def loop(n):
    out = ""
    for i in range(n):
        out += f"{i:02d}{i * 0.5:.1f}{'even' if i % 2 == 0 else 'odd'}"
    return out


def percent(a, b):
    return (
        "%s %r" % (a, b),
        "%s" % a,
        "%5s|%-5s|" % (a, b),
        "%%",
        "{} {!r}".format(a, b),
        "{0}{1}{0}".format(a, b),
        "{x[k]}{y.real}".format(x={"k": a}, y=1),
    )


for a, b in ((1, 2), ("s", "t"), (1.5, 2), ("é", "日")):
    steady(plain, a, b)
    steady(percent, a, b)
steady(specs, 3.14159, 10, 2)
steady(specs, 5, 4, 1)
for f in (objects, order, kinds):
    steady(f)
steady(loop, 12)
steady(lambda: f"{datetime.date(2024, 2, 29):%d.%m.%Y}")
for bad in (
    lambda: f"{1:s}",
    lambda: f"{'a':d}",
    lambda: f"{Bad()}",
    lambda: f"{NoSpec():>5}".replace("x", ""),
    lambda: f"{None:5}",
    lambda: f"{1:{'q'}}",
    lambda: f"{missing}",
    lambda: "%d" % "a",
    lambda: "%s %s" % (1,),
    lambda: "%s" % (1, 2),
):
    print(outcome(bad))

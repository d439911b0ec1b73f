# repr, format specifications and rounding of floats.
from probe import show, steady, outcome

VALUES = [0.0, -0.0, 0.1, 1 / 3, 1e16, 1e-5, 123456789.123456789, 1e300, -2.5, 3.5, float("inf"), float("nan")]


def formats(x):
    return (
        f"{x}",
        f"{x!r}",
        f"{x:.3f}",
        f"{x:10.2e}",
        f"{x:+g}",
        f"{x:08.3f}",
        f"{x:,.1f}",
        f"{x:%}",
        "%.4g" % x,
        "%5.1f|" % x,
    )


for x in VALUES:
    show(formats(x))
    show(outcome(round, x), outcome(round, x, 1), outcome(int, x), outcome(x.hex))
steady(formats, 2.675)


def rounding(n):
    return [round(i / 8) for i in range(n)], [round(i * 0.15, 1) for i in range(n)]


steady(rounding, 40)

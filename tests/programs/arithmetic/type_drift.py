# A loop whose accumulator goes from int to float to big int to str to an object of its own class.
from fractions import Fraction
from probe import steady, show


class Sum:
    def __init__(self, items):
        self.items = items

    def __add__(self, other):
        return Sum(self.items + [other])

    def __repr__(self):
        return f"Sum{self.items}"


def run(values):
    acc = values[0]
    kinds = []
    for v in values[1:]:
        acc = acc + v
        if not kinds or kinds[-1] is not type(acc):
            kinds.append(type(acc))
    return acc, [k.__name__ for k in kinds]


ints = list(range(300))
steady(run, ints)
steady(run, ints + [0.5] + ints)
steady(run, ints + [2**62, 2**62, 2**62] + ints)
steady(run, ints + [2**62] * 3 + [-(2**62)] * 3 + ints)
steady(run, ints + [Fraction(1, 7)] + ints + [1.5])
steady(run, ["a"] + [chr(97 + i % 26) for i in range(40)])
steady(run, [Sum([])] + ints[:20])
steady(run, [[]] + [[i] for i in range(30)])
steady(run, ints + [True, 1j, 2])


def drift(n):
    x = 1
    for i in range(n):
        if i == 500:
            x = float(x)
        elif i == 700:
            x = int(x) << 70
        elif i == 900:
            x = str(x)
        elif i == 950:
            x = [x]
        if isinstance(x, str):
            x = x + "!"
        elif isinstance(x, list):
            x = x + [i]
        else:
            x = x + i
    return str(x)[-60:]


steady(drift, 1000)

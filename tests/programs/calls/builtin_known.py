# The builtins a compiler likes to know, with ordinary, odd and failing arguments.
from probe import outcome, steady, show


class Indexed:
    def __index__(self):
        return 3

    def __len__(self):
        return 2

    def __iter__(self):
        return iter("xy")

    def __abs__(self):
        return "abs"

    def __hash__(self):
        return 11


def calls(x):
    out = []
    for f in (
        len,
        abs,
        ord,
        chr,
        hash,
        bool,
        int,
        float,
        str,
        list,
        tuple,
        sorted,
        sum,
        min,
        max,
        any,
        all,
        range,
        iter,
        callable,
        id,
        type,
        repr,
        bin,
        round,
        reversed,
        enumerate,
        next,
    ):
        text = outcome(lambda: f(x))
        if f is id:
            text = text[:3]
        out.append(f"{f.__name__}: {text.split(' object at')[0].split(' at 0x')[0]}")
    return out


for x in (0, -5, 2**70, 2.75, "a", "abc", [3, 1, 2], (1, 2.5), {}, {"a": 1}, None, True, b"ab", Indexed(), {3, 1}):
    for line in calls(x):
        print(line)


def loop(n):
    total = 0
    for i in range(n):
        total += len([i] * (i % 4)) + abs(-i) + min(i, 5) + max(i, 5, 7) + ord(chr(65 + i % 26))
        total += isinstance(i, int) + isinstance(i, (str, float)) + issubclass(bool, int)
        total += int(str(i)) + sum((i, i)) + hash(i) + bool(i) + round(i / 2)
        total += getattr(i, "real") + getattr(i, "nothing", 1) + hasattr(i, "imag") + (type(i) is int)
        total += divmod(i, 7)[1] + pow(i, 2) + len(range(i)) + all([i, 1]) + any((0, i)) + len(tuple(range(i % 3)))
    return total


steady(loop, 60)
show(
    outcome(isinstance, 1, 5),
    outcome(isinstance, 1, (int, 5)),
    outcome(issubclass, 1, int),
    outcome(isinstance, "", int | str),
)
show(
    outcome(getattr, 1, 2),
    outcome(getattr, 1, "zz"),
    outcome(setattr, 1, "a", 2),
    outcome(next, iter([])),
    outcome(next, iter([]), 9),
)
show(
    outcome(chr, -1),
    outcome(chr, 0x110000),
    outcome(ord, "ab"),
    outcome(len, 5),
    outcome(abs, "x"),
    outcome(sum, ["a"]),
    outcome(max, []),
)

# Subclasses of builtins with overridden methods at sites which first saw the plain types.
from probe import steady, outcome


class L(list):
    def __getitem__(self, i):
        return ("L", super().__getitem__(i))

    def __len__(self):
        return 99

    def __iter__(self):
        return iter("LL")

    def append(self, x):
        super().append(("appended", x))

    def __contains__(self, x):
        return True


class D(dict):
    def __getitem__(self, k):
        return ("D", k)

    def get(self, k, d=None):
        return "D.get"

    def __contains__(self, k):
        return k == "magic"


class I(int):
    def __add__(self, o):
        return "I.add"

    def __lt__(self, o):
        return "I.lt"

    def __bool__(self):
        return False

    def __index__(self):
        return 0


class S(str):
    def __add__(self, o):
        return "S.add"

    def upper(self):
        return "S.upper"

    def __len__(self):
        return 42

    def __eq__(self, o):
        return "S.eq"

    __hash__ = str.__hash__


class F(float):
    def __mul__(self, o):
        return "F.mul"

    def __eq__(self, o):
        return False

    __hash__ = float.__hash__


class T(tuple):
    def __getitem__(self, i):
        return "T.get"

    def __len__(self):
        return 7


def seq(x):
    return x[0], len(x), [v for v in x], 5 in x


def dic(x):
    return x["a"], x.get("a"), "magic" in x, "a" in x


def num(x):
    return x + 1, x < 5, not x, [10, 20][x], x * 2


def text(x):
    return x + "!", x.upper(), len(x), x == "s", f"{x}", x in {"s": 1}


def flo(x):
    return x * 2, x == x, x + 1, -x


def app(x):
    x.append(1)
    return list.__len__(x), x[-1]


for f, values in (
    (seq, [[1, 2], L([1, 2]), (3, 4), T((3, 4)), "ab", range(3)]),
    (dic, [{"a": 1}, D(a=1)]),
    (num, [1, I(1), True, 0]),
    (text, ["s", S("s")]),
    (flo, [1.5, F(1.5), 2]),
    (app, [[], L()]),
):
    for _ in range(3):
        for v in values:
            steady(f, v)

# __slots__: unset, deleted, inherited, mixed with __dict__, errors.
from probe import steady, outcome


class S:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class T(S):
    __slots__ = ("c",)


class U(S):
    pass


def use(n):
    s = S(0)
    s.b = 1.0
    for i in range(n):
        s.a += i
        s.b = s.b + s.a
    return s.a, s.b


def unset():
    return S(1).b


def deleted():
    s = T(1)
    s.c = 5
    del s.a
    out = []
    for name in ("a", "b", "c"):
        try:
            out.append(getattr(s, name))
        except AttributeError as error:
            out.append(str(error))
    try:
        del s.a
    except AttributeError as error:
        out.append(str(error))
    s.a = 2
    return out, s.a


def missing():
    S(1).z = 1


def mixed():
    u = U(1)
    u.z = 3
    u.b = 4
    return u.__dict__, u.a, u.b, u.z


steady(use, 60)
for function in (unset, deleted, missing, mixed):
    steady(function)
print(outcome(lambda: S.a.__get__(5)), outcome(lambda: S.a.__set__(T(1), 2)), S.a.__get__(T(9)))

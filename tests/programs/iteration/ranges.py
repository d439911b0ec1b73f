# range in every form, as loop and as object: huge, negative, empty, zero steps, rebound loop variables.
from probe import steady, outcome, show


def collect(*args):
    out = []
    for i in range(*args):
        out.append(i)
        if len(out) > 5:
            break
    return out


def total(*args):
    t = 0
    for i in range(*args):
        t += i
    return t


def rebinding(n):
    out = []
    for i in range(n):
        out.append(i)
        i += 10
        n = 0
    return out, i, n


def left_over(n):
    i = "before"
    for i in range(n):
        pass
    return i


def shared(n):
    r = range(n)
    return (
        [(a, b) for a in r for b in r if a < b],
        list(reversed(r)),
        r[::-1],
        2 in r,
        r.index(1),
        len(r),
        r == range(0, n, 1),
        hash(r) == hash(range(n)),
    )


class Idx:
    def __index__(self):
        return 3


for args in (
    (5,),
    (0,),
    (-3,),
    (2, 5),
    (5, 2),
    (0, 10, 3),
    (10, 0, -3),
    (2**62, 2**62 + 3),
    (2**63 - 2, 2**63 + 2),
    (2**64, 2**64 + 3),
    (-(2**63) - 1, -(2**63) + 2),
    (0, 2**70, 2**69),
    (5, -(2**70), -(2**68)),
    (True,),
    (Idx(),),
    (0, 1, 0),
    (1.5,),
    ("a",),
    (),
    (1, 2, 3, 4),
    (2**63 - 5, 2**63 - 1, 2),
    (-5, 2**63, 2**62),
):
    steady(collect, *args)
for args in (
    (1000,),
    (10, 1000, 7),
    (1000, 0, -1),
    (2**63 - 100, 2**63 - 1),
    (2**30 - 50, 2**30 + 50),
    (-(2**63), -(2**63) + 9),
):
    steady(total, *args)
steady(rebinding, 4)
steady(left_over, 0)
steady(left_over, 3)
steady(shared, 4)
print(outcome(lambda: range(2)[5]), outcome(lambda: len(range(2**64))), range(2**64)[-1])


def iterator_object():
    it = iter(range(10))
    out = [next(it), next(it)]
    for x in it:
        out.append(x)
        if x == 4:
            break
    for x in it:
        out.append(-x)
    return out, it.__length_hint__()


steady(iterator_object)

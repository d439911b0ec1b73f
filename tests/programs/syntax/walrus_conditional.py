# Walrus in every place, conditional expressions, lambda bodies, chained assignment, augmented targets.
from probe import steady, mark, deaths


def walrus(values):
    out = []
    while (n := len(values)) > 2:
        values = values[1:]
        out.append(n)
    if (m := max(values)) > 1 and (k := m * 2):
        out.append(k)
    out.append([y := 1, y**2, (z := y + 1)])
    out.append((lambda: (w := 5) + w)())
    return out, n, y, z


def chained():
    a = b = c = []
    a.append(1)
    d = e = f = 5
    e += 1
    return a is b is c, d, e, f


def targets():
    class O:
        n = 0

    o, l, d = O(), [1, 2, 3], {"k": 1}
    o.n += 5
    l[1] *= 10
    d["k"] -= 3
    l[0:2] += [9]
    o.n, l[0] = l[0], o.n
    i = 0
    i, l[i] = 2, "stored"
    return o.n, l, d, i


def evaluated_once():
    def f():
        mark("f")
        return l

    def i():
        mark("i")
        return 0

    l = [1]
    f()[i()] += 5
    return l, deaths()


def ternaries(x):
    return (
        "a" if x else "b",
        (1 if x > 1 else 2) if x else 3,
        [i if i % 2 else -i for i in range(3)],
        x and x > 1 or "z",
    )


def tuple_inplace_error():
    t = ([],)
    try:
        t[0] += [1]
    except TypeError as e:
        return t, str(e)


def deletes():
    a, b, c = 1, [1, 2, 3], {"x": 1}
    del a, b[0], c["x"]
    del (b[0]), [b[0]][0:0]
    return b, c, "a" in locals()


steady(walrus, [1, 2, 3, 4])
for f in (chained, targets, evaluated_once, tuple_inplace_error, deletes):
    steady(f)
for x in (0, 1, 2.5):
    steady(ternaries, x)

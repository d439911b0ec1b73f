# Reading, writing and deleting instance attributes: inline values, shadowing, missing, added late.
from probe import steady, outcome, show


class P:
    kind = "class"

    def __init__(self, x, y):
        self.x = x
        self.y = y


def read(p):
    return p.x, p.y, p.kind


def update(n):
    p = P(0, 1.5)
    for i in range(n):
        p.x += i
        p.y = p.y * 1.01 + p.x
    return p.x, p.y


def shadow():
    p = P(1, 2)
    out = [p.kind]
    p.kind = "instance"
    out.append(p.kind)
    del p.kind
    out.append(p.kind)
    return out


def remove():
    p = P(1, 2)
    del p.x
    try:
        p.x
    except AttributeError as error:
        text = str(error), error.name, error.obj is p
    p.x = 5
    return text, list(p.__dict__), p.x


def late(n):
    p = P(1, 2)
    for i in range(n):
        setattr(p, f"a{i}", i)
    return list(p.__dict__)[-1], p.a0, p.x, len(vars(p))


def different_orders():
    out = []
    for k in range(6):
        p = P.__new__(P)
        if k % 2:
            p.y = 1
            p.x = k
        else:
            p.x = k
            p.z = 9
            p.y = 2
        out.append((p.x, p.y, list(p.__dict__)))
    return out


def delete_missing():
    p = P(1, 2)
    del p.x
    del p.x


steady(lambda: read(P(1, 2)))
for function in (shadow, remove, different_orders, delete_missing):
    steady(function)
steady(update, 100)
steady(late, 40)
print(outcome(lambda: (5).x), outcome(lambda: P.nope), outcome(lambda: None.a), outcome(lambda: setattr(5, "a", 1)))
print(outcome(lambda: setattr(object(), "a", 1)), outcome(lambda: P(1, 2).zz), outcome(lambda: delattr(P, "zz")))


class Moved:
    """Its attributes move to a dict of its own after dir()."""

    def __init__(self):
        self.a, self.b, self.count = [], {}, 0
        self.table = {name: getattr(self, name) for name in dir(self) if name.startswith("op_")}

    def op_add(self, n):
        self.count += n

    def run(self, n):
        seen = []
        for _ in range(n):
            self.count += 1
            self.table["op_add"](2)
            seen.append(self.count)
        return seen


steady(lambda: Moved().run(9))

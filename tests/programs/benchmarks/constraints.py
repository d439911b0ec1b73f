# A constraint solver in small: planning with strengths, inheritance and lists of objects.
from probe import steady


class Strength:
    def __init__(self, value, name):
        self.value, self.name = value, name

    def __lt__(self, other):
        return self.value < other.value


REQUIRED, STRONG, WEAK, WEAKEST = (Strength(i, n) for i, n in enumerate(("required", "strong", "weak", "weakest")))


class Variable:
    def __init__(self, name, value=0):
        self.name, self.value, self.constraints, self.determined, self.strength = name, value, [], None, WEAKEST


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def attach(self):
        for v in self.variables():
            v.constraints.append(self)
        return self

    def satisfy(self):
        out = self.choose()
        if out is None:
            return False
        old = out.determined
        if old is not None:
            old.unmark()
        out.determined, out.strength = self, self.strength
        self.execute()
        return True

    def unmark(self):
        pass


class Edit(Constraint):
    def __init__(self, v, strength, value):
        super().__init__(strength)
        self.v, self.value = v, value

    def variables(self):
        return [self.v]

    def choose(self):
        return self.v if self.strength < self.v.strength else None

    def execute(self):
        self.v.value = self.value


class Scale(Constraint):
    def __init__(self, src, dst, k, c, strength=REQUIRED):
        super().__init__(strength)
        self.src, self.dst, self.k, self.c = src, dst, k, c

    def variables(self):
        return [self.src, self.dst]

    def choose(self):
        return self.dst if self.strength < self.dst.strength or self.dst.determined is self else None

    def execute(self):
        self.dst.value = self.src.value * self.k + self.c


class Equal(Scale):
    def __init__(self, a, b, strength=REQUIRED):
        super().__init__(a, b, 1, 0, strength)

    def execute(self):
        self.dst.value = self.src.value


def chain(n, edits):
    vs = [Variable(f"v{i}") for i in range(n + 1)]
    cs = [(Equal(a, b) if i % 3 else Scale(a, b, 2, i)).attach() for i, (a, b) in enumerate(zip(vs, vs[1:]))]
    out = []
    for e in range(edits):
        edit = Edit(vs[0], STRONG, e if e < edits - 2 else e + 0.5).attach()
        edit.satisfy()
        for c in cs:
            if c.satisfy() or c.dst.determined is c:
                c.execute()
        out.append(vs[-1].value)
        vs[0].constraints.remove(edit)
        vs[0].determined, vs[0].strength = None, WEAKEST
    return out


steady(chain, 12, 8)
print(chain(40, 60)[-3:])

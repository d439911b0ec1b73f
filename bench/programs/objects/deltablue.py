"""One-way constraints with strengths, planned incrementally (an own small solver)."""

N = 60

REQUIRED, STRONG, NORMAL, WEAK, WEAKEST = range(5)


class Variable:
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.strength = WEAKEST
        self.stay = True


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def activate(self, planner):
        for variable in self.variables():
            variable.constraints.append(self)
        self.clear()
        planner.add(self)

    def deactivate(self, planner):
        for variable in self.variables():
            variable.constraints.remove(self)
        if self.is_satisfied():
            planner.remove(self)

    def is_input(self):
        return False

    def satisfy(self, planner, mark):
        self.choose(mark)
        if not self.is_satisfied():
            assert self.strength != REQUIRED, "a required constraint cannot be met"
            return None
        for variable in self.inputs():
            variable.mark = mark
        output = self.output()
        overridden = output.determined_by
        if overridden is not None:
            overridden.clear()
        output.determined_by = self
        if not planner.propagate(self, mark):
            raise RuntimeError("cycle")
        output.mark = mark
        return overridden

    def inputs_known(self, mark):
        for variable in self.inputs():
            if not (variable.mark == mark or variable.stay or variable.determined_by is None):
                return False
        return True

    def recalculate(self):
        output = self.output()
        strength = self.strength
        stay = True
        for variable in self.inputs():
            stay = stay and variable.stay
        for variable in self.inputs()[:1]:  # a scale's factor and offset bind nothing
            if variable.strength > strength:
                strength = variable.strength
        output.strength = strength
        output.stay = stay
        if stay:
            self.execute()


class Unary(Constraint):
    def __init__(self, variable, strength, planner):
        super().__init__(strength)
        self.variable = variable
        self.satisfied = False
        self.activate(planner)

    def variables(self):
        return (self.variable,)

    def inputs(self):
        return ()

    def output(self):
        return self.variable

    def is_satisfied(self):
        return self.satisfied

    def clear(self):
        self.satisfied = False

    def choose(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength < self.variable.strength

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True

    def recalculate(self):
        self.variable.strength = self.strength
        self.variable.stay = False


FORWARD, BACKWARD = 1, -1


class Binary(Constraint):
    def __init__(self, a, b, strength, planner):
        super().__init__(strength)
        self.a = a
        self.b = b
        self.direction = 0
        self.activate(planner)

    def variables(self):
        return (self.a, self.b)

    def inputs(self):
        return (self.a,) if self.direction == FORWARD else (self.b,)

    def output(self):
        return self.b if self.direction == FORWARD else self.a

    def is_satisfied(self):
        return self.direction != 0

    def clear(self):
        self.direction = 0

    def choose(self, mark):
        a, b = self.a, self.b
        if a.mark == mark:
            self.direction = FORWARD if b.mark != mark and self.strength < b.strength else 0
        elif b.mark == mark:
            self.direction = BACKWARD if a.mark != mark and self.strength < a.strength else 0
        elif a.strength > b.strength:
            self.direction = BACKWARD if self.strength < a.strength else 0
        else:
            self.direction = FORWARD if self.strength < b.strength else 0


class Equal(Binary):
    def execute(self):
        self.output().value = self.inputs()[0].value


class Scale(Binary):
    def __init__(self, a, factor, offset, b, strength, planner):
        self.factor = factor
        self.offset = offset
        super().__init__(a, b, strength, planner)

    def variables(self):
        return (self.a, self.b, self.factor, self.offset)

    def inputs(self):
        first = self.a if self.direction == FORWARD else self.b
        return (first, self.factor, self.offset)

    def execute(self):
        if self.direction == FORWARD:
            self.b.value = self.a.value * self.factor.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.factor.value


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(self, mark)
        while overridden is not None:
            overridden = overridden.satisfy(self, mark)

    def remove(self, constraint):
        output = constraint.output()
        constraint.clear()
        output.determined_by = None
        output.strength = WEAKEST
        output.stay = True
        unsatisfied = []
        todo = [output]
        while todo:
            variable = todo.pop()
            for other in variable.constraints:
                if not other.is_satisfied():
                    unsatisfied.append(other)
            for other in self.consumers(variable):
                other.recalculate()
                todo.append(other.output())
        for strength in range(REQUIRED, WEAKEST + 1):
            for other in unsatisfied:
                if other.strength == strength and not other.is_satisfied():
                    self.add(other)

    def consumers(self, variable):
        by = variable.determined_by
        return [c for c in variable.constraints if c is not by and c.is_satisfied()]

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            current = todo.pop()
            if current.output().mark == mark:
                return False
            current.recalculate()
            todo.extend(self.consumers(current.output()))
        return True

    def plan(self, constraints):
        mark = self.new_mark()
        plan = []
        todo = [c for c in constraints if c.is_input() and c.is_satisfied()]
        while todo:
            constraint = todo.pop()
            output = constraint.output()
            if output.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                output.mark = mark
                todo.extend(self.consumers(output))
        return plan


def execute(plan):
    for constraint in plan:
        constraint.execute()


def change(planner, variable, value):
    edit = Edit(variable, STRONG, planner)
    plan = planner.plan([edit])
    for _ in range(10):
        variable.value = value
        execute(plan)
    edit.deactivate(planner)


def chain(size):
    planner = Planner()
    variables = [Variable(f"v{i}") for i in range(size + 1)]
    for left, right in zip(variables, variables[1:]):
        Equal(left, right, REQUIRED, planner)
    Stay(variables[-1], NORMAL, planner)
    edit = Edit(variables[0], STRONG, planner)
    plan = planner.plan([edit])
    for i in range(60):
        variables[0].value = i
        execute(plan)
        assert variables[-1].value == i
    edit.deactivate(planner)
    return len(plan)


def projection(size):
    planner = Planner()
    factor = Variable("factor", 10)
    offset = Variable("offset", 1000)
    targets = []
    for i in range(size):
        source = Variable(f"s{i}", i)
        target = Variable(f"t{i}", i)
        targets.append(target)
        Stay(source, NORMAL, planner)
        Scale(source, factor, offset, target, REQUIRED, planner)
    change(planner, source, 17)
    assert target.value == 1170
    change(planner, target, 1050)
    assert source.value == 5
    change(planner, factor, 5)
    assert [t.value for t in targets[:-1]] == [i * 5 + 1000 for i in range(size - 1)]
    change(planner, offset, 2000)
    assert [t.value for t in targets[:-1]] == [i * 5 + 2000 for i in range(size - 1)]
    return sum(t.value for t in targets)


def run(n):
    return [(chain(150), projection(150)) for _ in range(n)]

# __radd__ and friends: order of attempts, NotImplemented, and the priority of subclasses.
from probe import show, steady, outcome, mark, deaths


class Base:
    def __init__(self, name):
        self.name = name

    def __add__(self, other):
        mark(f"{self.name}.add")
        return NotImplemented if isinstance(other, Stubborn) else "base"

    def __radd__(self, other):
        mark(f"{self.name}.radd")
        return "rbase"

    def __iadd__(self, other):
        mark(f"{self.name}.iadd")
        return NotImplemented if other == 3 else self

    def __lt__(self, other):
        mark(f"{self.name}.lt")
        return NotImplemented

    def __gt__(self, other):
        mark(f"{self.name}.gt")
        return "gt"

    def __eq__(self, other):
        mark(f"{self.name}.eq")
        return NotImplemented


class Sub(Base):
    def __radd__(self, other):
        mark(f"{self.name}.subradd")
        return "rsub"


class Stubborn:
    pass


class Number(int):
    def __add__(self, other):
        mark("number.add")
        return int(self) + other + 1000

    __radd__ = __add__

    def __index__(self):
        mark("number.index")
        return 1


def add(a, b):
    return a + b


def iadd(a, b):
    a += b
    return type(a).__name__


def less(a, b):
    return a < b, a == b, a != b


objects = [Base("b"), Sub("s"), 5, 2.5, Number(7), Stubborn()]
for a in objects:
    for b in objects:
        for op in (add, iadd, less):
            print(
                op.__name__, outcome(op, a, b).split(" object at")[0] if op is not iadd else outcome(op, a, b), deaths()
            )
show(add(1, Number(1)), add(Number(1), 1), add(True, Number(2)), [0, 1, 2][Number(2)])

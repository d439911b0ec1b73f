# abc, typing protocols, isinstance with unions and hooks, singledispatchmethod, total_ordering, numbers.
import abc
import functools
import numbers
import typing
from probe import steady, outcome


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    @property
    @abc.abstractmethod
    def name(self): ...


class Sq(Shape):
    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s**2

    @property
    def name(self):
        return "sq"


class Rect(Sq):
    def area(self):
        return super().area() * 2


class Half(Shape):
    def area(self):
        return 0


@typing.runtime_checkable
class HasArea(typing.Protocol):
    def area(self): ...


@functools.total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n


class D:
    @functools.singledispatchmethod
    def f(self, x):
        return "any"

    @f.register
    def _(self, x: int):
        return "int"


class Duck:
    def area(self):
        return "quack"


def areas(n):
    total = 0
    for i in range(n):
        for s in (Sq(i), Rect(i)):
            total += s.area() + len(s.name)
    return total


def checks():
    return [
        isinstance(x, t)
        for x in (Sq(1), Duck(), 1, 1.5, "s", None, True)
        for t in (Shape, HasArea, numbers.Number, int | str, (int, float), type(None))
    ]


def registered(n):
    class Late:
        pass

    out = []
    for i in range(n):
        out.append(isinstance(Late(), Shape))
        if i == 3:
            Shape.register(Late)
    return out


def ordering():
    return V(1) <= V(2), V(2) >= V(2), V(1) > V(0), sorted([V(3), V(1)])[0].n


steady(areas, 10)
steady(checks)
steady(registered, 6)
steady(ordering)
steady(lambda: (D().f(1), D().f("s")))
print(outcome(Half), outcome(Shape))

"""Bound methods kept in locals, attributes and globals, and called often: their function is called directly."""

import random
import weakref


class Counter:
    def __init__(self, step):
        self.step = step
        self.callback = self.add

    def add(self, a, b=1):
        return self.step + a + b

    def add_keyword(self, a, *, b=1):
        return self.step * a + b

    @classmethod
    def made(cls, a):
        return cls.__name__, a

    def __del__(self):
        order.append(f"~{self.step}")


class Other(Counter):
    def add(self, a, b=2):
        return "other", self.step, a, b


order = []


def local(counter, n):
    add, total = counter.add, 0
    for i in range(n):
        total += add(i) + add(i, 2) + add(b=3, a=i)
    return total


def attribute(counter, n):
    total = 0
    for i in range(n):
        total += counter.callback(i)
    return total


def given(call, n):
    return [call(i) for i in range(n)][-1]


def dying(n):
    """Only the call holds the method, and only the method its object."""
    for i in range(n):
        result = [Counter(i).add][0](1)
        order.append(result)
    return result


def popped(calls):
    out = []
    while calls:
        out.append(calls.pop()(5))
    return out


def watched(n):
    """A weak reference to the method tells when it goes: before the function runs."""
    class Holder:
        def method(self):
            order.append("runs")
            return 1

    for i in range(n):
        methods = [Holder().method]
        reference = weakref.ref(methods[0], lambda _: order.append("method gone"))
        methods.pop()()
    return reference()


made = Counter.made
shuffle = random.Random(5).shuffle
one, two = Counter(10), Other(20)

for turn in range(4):
    print(local(one, 3000), attribute(one, 3000))
    print(given(one.add, 2500), given(two.add, 2500))
    print(given(one.add_keyword, 2500), given(made, 2500), given(lambda i: ("lambda", i), 2500))
    print(dying(300), popped([Counter(7).add, Other(8).add, Other.made, str] * 40)[-4:])
    print(watched(50), order[-9:])
    cards = list(range(20))
    for _ in range(200):
        shuffle(cards)
    print(cards)

print(len(order))
try:
    for i in range(3000):
        given(one.add if i < 2990 else Counter.add, 1)
except TypeError as error:
    print(error)


def raising(call):
    try:
        return call("text")
    except TypeError as error:
        return str(error), error.__traceback__.tb_next.tb_lineno - Counter.add.__code__.co_firstlineno


for i in range(3000):
    last = raising(one.add)
print(last)
for i in range(2):
    one.add.__func__.__code__ = (lambda self, a, b=1: ("changed", a, b)).__code__
    print(given(one.add, 100))

# StopIteration from next(), in generators (PEP 479), in for loops, from C and Python iterators.
from probe import steady, outcome


class It:
    def __init__(self, n, error=StopIteration):
        self.n, self.error = n, error

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise self.error
        self.n -= 1
        return self.n


def loop(it):
    out = []
    for x in it:
        out.append(x)
    else:
        out.append("end")
    return out


def manual(it):
    out = []
    while True:
        try:
            out.append(next(it))
        except StopIteration as e:
            return out, e.value


def gen():
    yield 1
    raise StopIteration("inside")


def gen_next():
    yield next(iter([]))


def returns():
    yield 1
    return "value"


steady(lambda: loop(It(3)))
steady(lambda: loop(It(3, ValueError)))
steady(lambda: loop(It(2, StopIteration(5))))
steady(lambda: manual(iter([1, 2])))
steady(lambda: manual(returns()))
steady(lambda: loop(gen()))
steady(lambda: loop(gen_next()))
print(outcome(next, It(0)), outcome(next, It(0), "default"), outcome(next, 5), outcome(iter, 5))


class BadIter:
    def __iter__(self):
        return 5


class NoNext:
    def __iter__(self):
        return self


print(outcome(loop, BadIter()), outcome(loop, NoNext()))
print(outcome(lambda: list(iter(lambda: next(It(1)), 0))))

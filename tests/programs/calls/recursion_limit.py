# RecursionError comes at the same depth, from the same function, with the same message; afterwards all goes on.
import sys
from probe import steady, outcome, trail

sys.setrecursionlimit(200)


def down(n):
    global deepest
    deepest = n
    return down(n + 1)


def limited():
    try:
        down(0)
    except RecursionError as error:
        return deepest, str(error), len(trail(error)), trail(error)[-1]


def mutual_a(n, log):
    log.append(n)
    return mutual_b(n=n + 1, log=log)


def mutual_b(n, log):
    return mutual_a(n + 1, log)


def mutual():
    log = []
    try:
        mutual_a(0, log)
    except RecursionError as error:
        return len(log), str(error)


class R:
    def __init__(self, n):
        self.n = n
        self.child = R(n + 1)

    def __repr__(self):
        return repr(self)


class G:
    def __getattr__(self, name):
        return self.missing


class E:
    def __eq__(self, other):
        return self == other


def with_finally(n, log):
    try:
        return with_finally(n + 1, log)
    finally:
        log.append(n)


def finals():
    log = []
    try:
        with_finally(0, log)
    except RecursionError:
        pass
    return len(log), log[0], log[-1]


steady(limited)
steady(mutual)
steady(finals)
print(outcome(R, 0))
print(outcome(lambda: G().x))
print(outcome(lambda: E() == 1))
print(outcome(lambda: repr(R.__new__(R))))
sys.setrecursionlimit(3000)
steady(limited)

# What dies at the end of the process, and in which order, with module globals, atexit and suspended generators.
import atexit


class Last:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def gen():
    x = Last("in generator")
    try:
        yield 1
    finally:
        print("generator finally")


def work(n):
    keep = Last("local")
    return sum(range(n))


a = Last("global a")
_b = Last("private b")
cycle = [Last("in cycle")]
cycle.append(cycle)
g = gen()
next(g)
for i in range(30):
    work(i)
atexit.register(lambda: print("atexit", a.name))
print("end of program")

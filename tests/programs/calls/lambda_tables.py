# Tables of lambdas, late binding of loop variables, immediately called lambdas, default-capture.
from probe import steady


def late():
    return [f() for f in [lambda: i for i in range(4)]]


def captured():
    return [f() for f in [lambda i=i: i for i in range(4)]]


def table(x):
    ops = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "max": max, "pair": lambda *a: a}
    return [ops[k](x, 3) for k in ops]


def immediate(x):
    return (lambda a, b=2, *, c=3: (a, b, c))(x, c=9), (lambda: (yield x))().__next__()


def ycombinator(n):
    return (lambda f: f(f, n))(lambda self, n: 1 if n == 0 else n * self(self, n - 1))


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x

    return run


steady(late)
steady(captured)
steady(table, 5)
steady(table, 2.5)
steady(immediate, 1)
steady(ycombinator, 25)
steady(compose(str, lambda s: s * 2, int, lambda x: x / 3), 7)

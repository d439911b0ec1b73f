"""Closures and higher-order functions: composition, currying, memo tables, church numerals."""

N = 100


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def adder(n):
    return lambda x: x + n


def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    def reset():
        nonlocal count
        count = 0

    return step, reset


def memo(function):
    table = {}

    def wrapper(*args):
        if args in table:
            return table[args]
        result = table[args] = function(*args)
        return result

    return wrapper


def curry(function, arity, got=()):
    def take(argument):
        args = (*got, argument)
        return function(*args) if len(args) == arity else curry(function, arity, args)

    return take


def church(n):
    def numeral(f):
        def apply(x):
            for _ in range(n):
                x = f(x)
            return x

        return apply

    return numeral


def fold(function, items, start):
    for item in items:
        start = function(start, item)
    return start


def make_paths():
    @memo
    def paths(x, y):
        return 1 if x == 0 or y == 0 else paths(x - 1, y) + paths(x, y - 1)

    return paths


def run(n):
    total = 0
    pipeline = compose(adder(3), lambda x: x * 2, adder(-1), str, len)
    for k in range(n):
        total += sum(pipeline(i) for i in range(1500))
        step, reset = counter()
        for i in range(2000):
            step(i & 3)
        total += step()
        reset()
        total += step(k)
        total += make_paths()(30, 30) % 1009
        add3 = curry(lambda a, b, c: a + b * c, 3)
        for i in range(400):
            total += add3(i)(2)(3)
        total += church(50)(church(20)(lambda x: x + 1))(0)
        total += fold(lambda a, b: (a * 31 + b) % 65521, range(1500), 7)
        table = sorted(({"k": i * 37 % 101, "v": i} for i in range(300)), key=lambda d: (d["k"], -d["v"]))
        total += table[10]["v"]
        total += sum(map(lambda x, y: x * y, range(800), range(800))) % 97
        total += len(list(filter(lambda x: x % 7 == 3, range(1500))))
    return total

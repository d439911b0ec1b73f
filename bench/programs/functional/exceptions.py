"""Exceptions as control flow: raise and catch at several depths, finally, with, re-raise."""

N = 80_000


class Missing(LookupError):
    def __init__(self, key):
        super().__init__(key)
        self.key = key


class Guard:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log[0] += 1
        return self

    def __exit__(self, kind, value, traceback):
        self.log[1] += 1
        return kind is not None and issubclass(kind, ValueError)


def look_up(table, key):
    try:
        return table[key]
    except KeyError:
        raise Missing(key) from None


def deep(depth, value):
    if depth == 0:
        if value % 3 == 0:
            raise ValueError(value)
        return value
    return deep(depth - 1, value) + 1


def parse(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None


def tidy(value, log):
    try:
        if value % 5 == 0:
            return value
        return 10 // (value % 4)
    except ZeroDivisionError:
        return -1
    finally:
        log[2] += 1


def run(n):
    table = {i: i * i for i in range(0, 100, 2)}
    texts = ["12", "3.5", "x", "77", "1e3"]
    log = [0, 0, 0]
    total = missing = caught = 0
    for i in range(n):
        try:
            total += look_up(table, i % 100)
        except Missing as error:
            missing += error.key
        try:
            total += deep(4, i)
        except ValueError as error:
            caught += error.args[0] & 1
        with Guard(log):
            if i % 4 == 0:
                raise ValueError("swallowed")
            total += 1
        total += tidy(i, log)
        total += int(parse(texts[i % 5]) or 0)
    return total, missing, caught, log

# Loops of 100 000 turns in functions, so that normal mode compiles them and enters them while they run.
def ints(n):
    a = 0
    for i in range(n):
        a += i
        if a > 1 << 40:
            a -= 1 << 40
    return a


def change_late(n):
    a = 0
    for i in range(n):
        if i == n - 1000:
            a = float(a)
        if i == n - 500:
            a = int(a) + 2**70
        a += 1
    return a


def calls(n):
    def inner(x):
        return x + 1 if x < limit else 0

    limit = 1000
    x = 0
    for i in range(n):
        x = inner(x)
    return x


def strings(n):
    out = []
    for i in range(n):
        if i % 1000 == 0:
            out.append(f"{i}:{i % 7}")
    return "".join(out)[-30:]


def containers(n):
    d, l = {}, [0] * 50
    for i in range(n):
        d[i % 100] = l[i % 50]
        l[i % 50] += d[i % 100] + 1 if i % 3 else 1
    return sum(d.values()) % 1000007, sum(l) % 1000007


class Acc:
    def __init__(self):
        self.n = 0
        self.f = 0.0

    def add(self, i):
        self.n += i
        self.f += i * 0.5
        return self


def objects(n):
    acc = Acc()
    for i in range(n):
        acc.add(i)
        if i == n // 2:
            acc.n = float(acc.n)
    return acc.n, acc.f


def handlers(n):
    caught = 0
    for i in range(n):
        try:
            if i % 10 == 0:
                raise ValueError(i)
            if i % 15 == 1:
                {}[i]
        except ValueError as error:
            caught += error.args[0] & 1
        except KeyError:
            caught += 2
        finally:
            caught += 3
    return caught


for function in (ints, change_late, calls, strings, containers, objects, handlers):
    print(function.__name__, function(100_000), function(30_000))

# sys._getframe at every depth: names, lines, instruction offsets, back links, code, globals.
import sys
from probe import steady


def look(depth):
    f = sys._getframe(depth)
    return f.f_code.co_name, f.f_lineno, f.f_lasti, f.f_back is not None


def a(depth):
    x = 1
    r = look(depth)
    return r


def b(depth): return [a(depth)
                      for _ in range(1)][0]


def c(depth):
    for i in range(3):
        if i == 1:
            return b(depth)


class K:
    def m(self, depth):
        return c(depth)

    @property
    def p(self):
        return stack()


def stack():
    f = sys._getframe()
    out = []
    while f is not None:
        out.append((f.f_code.co_name, f.f_lineno))
        f = f.f_back
    return out[:-2]


def nested(n):
    return stack() if n == 0 else nested(n - 1)


def same():
    f, g = sys._getframe(), sys._getframe()
    return f is g, f.f_code is same.__code__, f.f_globals is globals(), f.f_locals is g.f_locals


def lines():
    out = [sys._getframe().f_lineno]
    out.append(
        sys._getframe().f_lineno
    )
    for i in range(3):
        out.append(sys._getframe().f_lineno + i)
    return out


def callers(n):
    total = 0
    for i in range(n):
        total += sys._getframe(1).f_lineno
        total += len(stack())
    return total


for d in range(7):
    steady(K().m, d)
steady(nested, 4)
steady(same)
steady(lines)
steady(callers, 20)
steady(lambda: K().p)
steady(lambda: sys._getframe(10000))
steady(lambda: sys._getframe(0).f_code.co_name)
steady(lambda: (lambda: sys._getframe(1).f_code.co_name)())

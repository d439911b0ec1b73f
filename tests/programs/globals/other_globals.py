# One code object running with several globals and builtins.
import builtins
import types
from probe import steady, outcome

source = "def f(n):\n    total = base\n    for i in range(n):\n        total += helper(i)\n    return total\n"
code = compile(source, "<f>", "exec")


def make(base, helper, **extra):
    space = {"base": base, "helper": helper, **extra}
    exec(code, space)
    return space["f"]


a = make(0, lambda i: i)
b = make(0.5, lambda i: i * 2)
c = make("", str)
d = types.FunctionType(a.__code__, {"base": 100, "helper": abs, "__builtins__": {"range": lambda n: [1, 1]}})
e = types.FunctionType(a.__code__, {"__builtins__": {}, "base": 1})


def all_of_them():
    return a(5), b(5), c(5), d(5), outcome(e, 5)


steady(all_of_them)
for function in (a, b, c, d, e):
    steady(function, 7)
e.__globals__["range"] = range
e.__globals__["helper"] = lambda i: -i
steady(e, 7)


class Tracking(dict):
    def __missing__(self, key):
        return {"x": 1, "len": len, "print": print}[key]


print(outcome(eval, "x + len('abc')", {}, Tracking()), outcome(eval, "zzz", {}, Tracking()))
print(outcome(exec, "print(x)", Tracking(__builtins__=builtins)))

# exec, eval and compile in hot functions: new code objects, given scopes, flags, optimisation levels, ast.
import ast
from probe import steady, outcome


def evals(n):
    total = 0
    for i in range(n):
        total += eval("i * 2 + k", {"i": i, "k": 1})
    return total


def local_eval(x):
    y = x + 1
    return eval("x + y"), eval("y", {"y": 5}), eval("[x for _ in range(2)]")


def defines(n):
    out = []
    for i in range(n):
        ns = {}
        exec(f"class C:\n    v = {i}\n    def m(self): return self.v + {i}", ns)
        out.append(ns["C"]().m())
    return out


def trees(src):
    t = ast.parse(src, mode="eval")

    class Double(ast.NodeTransformer):
        def visit_Constant(self, n):
            return ast.copy_location(ast.Constant(n.value * 2), n)

    t = ast.fix_missing_locations(Double().visit(t))
    return eval(compile(t, "<t>", "eval")), ast.unparse(t)


def optimised():
    out = []
    for o in (0, 1, 2):
        ns = {}
        exec(compile("def f():\n    'doc'\n    assert 0, 'msg'\n    return __debug__", "<o>", "exec", optimize=o), ns)
        out.append((outcome(ns["f"]), ns["f"].__doc__))
    return out


def bad(src):
    return compile(src, "<bad>", "exec")


steady(evals, 15)
steady(local_eval, 3)
steady(defines, 4)
steady(trees, "1 + 2 * (3 - 4)")
steady(optimised)
for src in ("x = ", "return 5", "for", "def f(:", "x = 1 +* 2", "break", "'\\N{bad}'"):
    print(outcome(bad, src))

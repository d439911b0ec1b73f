# LOAD_NAME, STORE_NAME, DELETE_NAME in modules, exec and class bodies, with odd mappings.
from probe import outcome, show


class Upper(dict):
    def __getitem__(self, k):
        if k == "boom":
            raise ValueError("boom")
        return dict.get(self, k, k.upper())

    def __setitem__(self, k, v):
        dict.__setitem__(self, k, ("stored", v))


locals_ = Upper()
exec("a = b\nc = a\nfor i in [1, 2]:\n    d = i\ndel a", {}, locals_)
show(dict(locals_))
show(outcome(exec, "x = boom", {}, Upper()))
show(
    outcome(exec, "del nothing", {}, {}),
    outcome(exec, "nothing", {}),
    outcome(exec, "global q\nq = 1\ndel q\ndel q", {}),
)
space = {}
exec("total = 0\nfor i in range(100):\n    total += i\n    if i == 50: total += 0.5\n", space)
show(space["total"], space["i"])
exec("def f():\n    global made\n    made = [x for x in range(3)]\n    return made\nr = f()", space)
show(space["r"], space["made"] is space["r"])
exec("x: int = 5\ny: str\nclass C:\n    z: float = 1.5", space)
show(space["__annotations__"], space["C"].__annotations__, "y" in space)


def run(n):
    out = []
    for i in range(n):
        ns = {"i": i}
        exec("j = i * 2\nk = [j + m for m in range(i)]", ns)
        out.append((ns["j"], ns["k"], eval("i + j", ns), eval("[i for i in range(j)][-1:]", ns)))
    return out


show(run(12))

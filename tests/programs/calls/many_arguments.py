# Functions with more arguments, locals and constants than fit one byte: EXTENDED_ARG in jumps, names and locals.
from probe import steady, outcome

N = 300
params = ", ".join(f"p{i}" for i in range(N))
source = f"def wide({params}):\n" + "".join(f"    v{i} = p{i} + {1000 + i}\n" for i in range(N))
source += "    total = 0\n    for k in range(3):\n" + "".join(f"        if k != {i}: total += v{i}\n" for i in range(N))
source += "        if total < 0: continue\n    return total\n"
space = {}
exec(compile(source, "<wide>", "exec"), space)
wide = space["wide"]


def call():
    return wide(*range(N))


def keyword():
    return wide(**{f"p{i}": i for i in range(N)})


source = "def direct():\n    return wide(" + ", ".join(str(i) for i in range(N)) + ")\n"
source += "def names():\n    return (" + ", ".join(f"g{i}" for i in range(N)) + ")\n"
source += (
    "def attributes(o):\n"
    + "".join(f"    o.a{i} = {i}\n" for i in range(N))
    + "    return o.a299 + o.a0 + len(o.__dict__)\n"
)
source += (
    "def builds():\n    return ["
    + ", ".join(str(i * 7) for i in range(N))
    + "], {"
    + ", ".join(f"'k{i}': wide" for i in range(N))
    + "}\n"
)
for i in range(N):
    space[f"g{i}"] = i * i
exec(compile(source, "<names>", "exec"), space)


class O:
    pass


steady(call)
steady(keyword)
steady(space["direct"])
steady(lambda: sum(space["names"]()))
steady(lambda: space["attributes"](O()))
steady(lambda: (sum(space["builds"]()[0]), len(space["builds"]()[1])))
print(outcome(wide)[:80], outcome(wide, *range(N + 1)))

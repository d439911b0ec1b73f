"""Writes a random Python program from a seed: `generate(seed)` returns its source.

The programs are meant to be hard for a compiler that speculates and harmless otherwise:

- They end. Functions call only functions written before them, loops are short, and every function entry counts against
  a budget; when that is used up a BaseException ends the run. Products and concatenations are cut to size.
- They are deterministic. Nothing prints an address, a time or an unordered set.
- They tell much. Each call's result or exception (with the instruction offset of every frame) is printed, and so are
  the deaths of objects, in order.

Variables have a kind by their first letter (i int, f float, s str, l list of int, d dict of int, o object, a anything),
which the statements mostly respect; `drift` breaks it on purpose, late in loops, so that guards fail after long success.
"""

from __future__ import annotations

from expressions import INTS, Scope
from prelude import PRELUDE
from statements import Statements


class Generator(Statements):
    """A whole program."""

    def function(self) -> None:
        name = self.fresh("fn")
        parameters = [
            self.fresh(self.pick("iiifslo" if self.classes else "iiifsl")) for _ in range(self.random.randint(0, 4))
        ]
        result = self.pick("iiif")
        scope = Scope({})
        for p in parameters:
            scope.add(p)
        body = ["tick()"]
        for _ in range(self.random.randint(3, 7)):
            body += self.statement(scope, 3)
        if self.chance(30) and scope.names.get("i"):
            i = self.pick(scope.names["i"])
            body += [
                "def bump():",
                f"    nonlocal {i}",
                f"    {i} += 1",
                f"    return {i}",
                "bump()",
                f"{i} = bump() + {i}",
            ]
        # What loops computed has to show, even where the result does not depend on it.
        kept = [name for kind in "ifsl" for name in scope.names.get(kind, ())]
        if kept and self.chance(80):
            body += [f"Loud.log.append(shape(({', '.join(self.random.sample(kept, min(8, len(kept))))},))[:99])"]
        body += [f"return {self.expression(scope, result)}"]
        # CPython wants `global` before any use, so it stands at the head whether needed or not.
        self.lines += (
            [f"def {name}({', '.join(parameters)}):", "    global G_int, G_float, G_list"]
            + ["    " + line for line in body]
            + ["", ""]
        )
        self.functions.append((name, parameters, result))

    def generator(self) -> None:
        name = self.fresh("gen")
        v = self.fresh("i")
        n = self.fresh("i")
        scope = Scope({}, 1, False)
        scope.add(v)
        scope.add(n)
        lines = [f"def {name}({n}):", "    tick()", f"    i_kept = {n}", f"    for {v} in range({n}):"]
        scope.add("i_kept")
        lines += self.block(scope, "        ", 3, 1)
        lines += ["        " + line for line in self.yields(scope)]
        if self.generators and self.chance(40):
            lines += [f"    i_kept = yield from {self.pick(self.generators)}({n} % {self.random.randrange(1, 5)})"]
        lines += ["    return i_kept", "", ""]
        self.lines += lines
        self.generators.append(name)

    def yields(self, scope: Scope) -> list[str]:
        """What a generator does in each turn of its loop."""

        def one() -> str:
            return f"yield {self.expression(scope, 'i', 1)}"

        return self.pick([
            [one()],
            [one(), one()],
            [f"if {self.condition(scope, 1)}:", "    " + one(), "else:", "    " + one()],
            ["try:", "    " + one(), "finally:", f"    i_kept = {self.expression(scope, 'i', 1)}"],
            ["try:", f"    i_kept = {self.expression(scope, 'i', 1)}", "    " + one(),
             f"    if {self.condition(scope, 1)}: raise ValueError(i_kept % 7)",
             "except ValueError as error:", "    yield int(str(error))"],
        ])  # fmt: skip

    def klass(self) -> None:
        name = self.fresh("C")
        base = self.pick(self.classes) if self.classes and self.chance(50) else None
        scope = Scope({"i": ["i0", "k", "self.n"], "f": ["self.x"]}, 0, False)
        lines = [f"class {name}({base}):" if base else f"class {name}:"]
        lines += [f"    kind = {self.pick(INTS)}"]
        if not base and self.chance(25):
            lines += ["    __slots__ = ('n', 'x', 'extra', 'friend')"]
        if not base or self.chance(40):
            lines += ["    def __init__(self, n=1, x=0.5):"]
            lines += (
                ["        super().__init__(n)"]
                if base
                else ["        self.n = n", f"        self.x = {self.pick(['x', '1.5', 'n * 0.5', '2'])}"]
            )
            if base:
                lines += [f"        self.n = {self.pick(['n + 1', 'self.n', 'n'])}"]
        for method, parameters in (("step", "i0"), ("mix", "i0, k=3")):
            if not base or self.chance(60):
                k = "k" if "k" in parameters else "i0"
                inside = Scope({"i": ["i0", k, "self.n"], "f": ["self.x"]}, 0, False)
                lines += [f"    def {method}(self, {parameters}):", "        tick()"]
                body = self.block(inside, "        ", 3, 2)
                lines += body + [f"        return {self.expression(inside, 'i')}"]
        if not base or self.chance(30):
            lines += [
                "    @classmethod",
                "    def made(cls, i0, k=2):",
                "        tick()",
                f"        return {self.pick(['i0 + cls.kind', 'i0 * 3 + k + len(cls.__name__)', 'cls(i0).n + k'])}",
            ]
        if not base or self.chance(50):
            lines += [
                "    @property",
                "    def twice(self):",
                f"        return {self.pick(['self.n + self.n', 'self.n * 2', 'self.kind + self.n'])}",
            ]
        if self.chance(40):
            lines += [
                "    def __add__(self, other):",
                "        return self.n + (other if isinstance(other, int) else 1)",
                "    __radd__ = __add__",
            ]
        if self.chance(15):
            how = self.pick(["line", "locals", "keep", "write", "trace"])
            lines += [
                "    def __mul__(self, other):",
                f"        look(sys._getframe(1), {how!r})",
                "        return self.n",
                "    @property",
                "    def seen(self):",
                f"        look(sys._getframe(1), {how!r})",
                "        return self.n",
                "    @seen.setter",
                "    def seen(self, value):",
                f"        look(sys._getframe(1), {how!r})",
                "        self.n = value",
            ]
        if self.chance(40):
            lines += [
                "    def __eq__(self, other):",
                "        return self.n == getattr(other, 'n', other)",
                "    __hash__ = None",
            ]
        if self.chance(30):
            lines += [
                "    def __getattr__(self, name):",
                "        if name in ('extra', 'friend', 'seen'): return 11",
                "        raise AttributeError(name)",
            ]
        if self.chance(40):
            lines += ["    def __del__(self):", f"        Loud.log.append('~{name}')"]
        if not base:
            lines += ["    def __repr__(self):", "        return f'{type(self).__name__}#{self.n!r:.20}'"]
        self.lines += lines + ["", ""]
        self.classes.append(name)

    def change_the_world(self) -> list[str]:
        """A statement for module level between two rounds of calls, on which compiled code may rest."""
        options = [
            "G_int = 2**40",
            "G_int = 1.25",
            "G_int = 4",
            "G_float = 3",
            "G_list = (1, 2, 3)",
            "G_list = [2.5, 1, 0]",
            "len = lambda x: 3",
            "abs = lambda x: x",
            "range = __builtins__.range",
        ]
        if self.classes:
            c = self.pick(self.classes)
            options += [
                f"{c}.kind = 2.5",
                f"{c}.step = lambda self, i: i + 1",
                f"{c}.twice = 5",
                f"{c}.mix = {c}.step",
                f"{c}.__bool__ = lambda self: self.n == 3",
            ]
        if self.functions:
            f = self.pick(self.functions)[0]
            options += [f"{f}.__defaults__ = (1, 2)", f"{f} = lambda *a, **k: 7"]
        return [self.pick(options)]

    def main(self) -> None:
        scope = Scope({"i": ["turn"], "o": []}, 0, False)
        self.lines += ["def run(turn):"]
        for name, parameters, _ in self.functions:
            for _ in range(2):
                arguments = ", ".join(self.expression(scope, p[0], 1) for p in parameters)
                self.lines += [f"    observe({name!r}, lambda: {name}({arguments}))"]
        self.lines += [
            "",
            "",
            "for turn in range(10):",
            "    run(turn)",
            "print(BUDGET, shape([G_int, G_float, G_list]))",
        ]
        for _ in range(self.random.randint(1, 3)):
            self.lines += self.change_the_world()
            self.lines += ["BUDGET = 800", "for turn in range(4):", "    run(turn)"]
        # The same kind of code at module level, where variables are globals.
        self.lines += [
            "BUDGET = 500",
            "i_module = 0",
            "try:",
            "    for i_loop in range(300):",
            "        i_module += i_loop",
        ]
        module = Scope({"i": ["i_module", "i_loop"]}, 1, False)
        self.lines += self.block(module, "        ", 3, 1)
        self.lines += ["except Exception as e:", "    print(type(e).__name__, e)", "print(shape(i_module))"]

    def program(self) -> str:
        for _ in range(self.random.randint(1, 3)):
            self.klass()
        for _ in range(self.random.randint(0, 2)):
            self.generator()
        for _ in range(self.random.randint(3, 6)):
            self.function()
        self.main()
        return PRELUDE + "\n" + "\n".join(self.lines) + "\n"


def generate(seed: int) -> str:
    return Generator(seed).program()


if __name__ == "__main__":
    import sys

    print(generate(int(sys.argv[1])), end="")

"""Random expressions, by kind, and the choices that all of a program is made of."""

from __future__ import annotations

import random

INTS = [
    0,
    1,
    2,
    3,
    5,
    7,
    10,
    -1,
    -2,
    -7,
    255,
    256,
    257,
    2**15,
    2**30 - 1,
    2**30,
    2**31,
    2**60,
    2**62,
    2**63 - 1,
    2**63,
    2**64,
    -(2**63),
    2**70,
]
FLOATS = ["0.0", "-0.0", "1.0", "0.5", "-1.5", "3.25", "1e10", "1e308", "5e-324", "2.0"]
STRINGS = ["''", "'a'", "'xyz'", "'é'", "'key'", "'0'", "'日本'"]
ERRORS = ["ValueError", "KeyError", "TypeError", "IndexError", "ZeroDivisionError", "AttributeError", "Mine"]


class Scope:
    """The variables that a piece of code may read, by kind, and what it may do."""

    def __init__(self, names: dict[str, list[str]], loop: int = 0, function: bool = True):
        self.names = {kind: list(known) for kind, known in names.items()}
        self.loop = loop
        self.function = function

    def inner(self, loop: int | None = None) -> Scope:
        return Scope(self.names, self.loop if loop is None else loop, self.function)

    def add(self, name: str) -> None:
        known = self.names.setdefault(name[0], [])
        if name not in known:
            known.append(name)


class Expressions:
    """What a program is made of so far, and its expressions."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.functions: list[tuple[str, list[str], str]] = []  # name, parameters, kind of the result
        self.generators: list[str] = []
        self.classes: list[str] = []
        self.count = 0

    # ---------------------------------------------------------------- small choices

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def pick(self, options):
        return self.random.choice(options)

    def fresh(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def variable(self, scope: Scope, kind: str) -> str | None:
        known = scope.names.get(kind)
        return self.pick(known) if known else None

    # ---------------------------------------------------------------- expressions

    def expression(self, scope: Scope, kind: str, depth: int = 2) -> str:
        if kind == "a":
            kind = self.pick("iiffsld")
        return getattr(self, f"{kind}_expression")(scope, depth)

    def i_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "i")
        if depth <= 0 or self.chance(20):
            return name if name and self.chance(85) else repr(self.pick(INTS))
        x = self.i_expression(scope, depth - 1)
        y = self.i_expression(scope, depth - 1)
        options = [
            lambda: f"({x} {self.pick('+-')} {y})",
            lambda: f"({x} {self.pick('+-')} {y})",
            lambda: f"({x} * {self.pick([2, 3, -5, 1000003])})",
            lambda: f"(({x} * {y}) % 1000003)",
            lambda: f"({x} {self.pick(['//', '%'])} {self.pick([y, f'({y} or 7)', '7', '-3', '2', '1000', '7', '64'])})",
            lambda: f"({x} {self.pick('&|^')} {y})",
            lambda: f"({x} >> {self.random.randrange(70)})",
            lambda: f"(({x} & 255) << {self.random.randrange(66)})",
            lambda: f"({self.pick('-~+')}{x})",
            lambda: f"{self.pick(['abs', 'int', 'bool'])}({x})",
            lambda: f"{self.pick(['min', 'max'])}({x}, {y})",
            lambda: f"({x} if {self.condition(scope, depth - 1)} else {y})",
            lambda: f"({x} {self.pick(['and', 'or'])} {y})",
            lambda: f"(({self.fresh('w')} := {x}) + 1)",
            lambda: self.condition(scope, depth - 1),
            lambda: f"int({self.expression(scope, 'f', depth - 1)} % 1000)",
            lambda: "G_int",
            lambda: f"len({self.expression(scope, self.pick('sld'), depth - 1)})",
            lambda: f"sum({self.expression(scope, 'l', depth - 1)})",
            lambda: f"divmod({x}, {self.pick([f'({y} or 3)', '9', '-4'])})[{self.pick([0, 1])}]",
        ]
        if self.variable(scope, "l"):
            options += [
                lambda: f"{self.variable(scope, 'l')}[{self.pick(['0', '-1', x + ' % 2', x + ' % 2', x + ' % 3'])}]"
            ] * 3
        if self.variable(scope, "d"):
            options += [
                lambda: f"{self.variable(scope, 'd')}{self.pick(['[' + x + ' % 3]', '.get(' + x + ', ' + y + ')'])}"
            ]
        if self.variable(scope, "o"):
            o = self.variable(scope, "o")
            options += [
                lambda: f"{o}.n",
                lambda: f"{o}.step({x})",
                lambda: f"{o}.twice",
                lambda: f"{o}.kind",
                lambda: f"getattr({o}, 'seen', 5)",
                lambda: f"({o} * 2 if hasattr({o}, '__mul__') else 3)",
                lambda: f"{o}.mix({x}, k={y})",
                lambda: f"{o}.mix(k={x}, i0={y})",
                lambda: f"{o}.made({x}{self.pick(['', ', ' + y, ', k=' + y])})",
            ] * 2
        if self.classes:
            options += [lambda: f"{self.pick(self.classes)}.made({self.pick([x, 'k=' + x + ', i0=' + y])})"]
        calls = [f for f in self.functions if f[2] == "i"]
        if calls and scope.function:
            options += [lambda: self.call(scope, self.pick(calls), depth - 1)] * 3
        if self.generators and scope.function:
            options += [lambda: self.consumed(f"{self.pick(self.generators)}({x} % {self.random.randrange(1, 9)})")] * 2
        return self.pick(options)()

    def consumed(self, generator: str) -> str:
        v = self.fresh("v")
        return self.pick([
            f"sum({generator})",
            f"sum({v} & 7 for {v} in {generator} if {v})",
            f"next({generator}, 0)",
            f"max({generator}, default=0)",
            f"any({v} > 3 for {v} in {generator})",
        ])  # fmt: skip

    def f_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "f")
        if depth <= 0 or self.chance(20):
            return name if name and self.chance(85) else self.pick(FLOATS)
        x = self.f_expression(scope, depth - 1)
        y = self.f_expression(scope, depth - 1)
        i = self.i_expression(scope, depth - 1)
        options = [
            lambda: f"({x} {self.pick('+-/')} ({y} or 0.5))",
            lambda: f"({x} {self.pick('+-')} {y})",
            lambda: f"({x} * ({y} + 0.0))",
            lambda: f"({x} {self.pick('+-*/')} {self.pick(['2', '0.5', '3'])})",
            lambda: f"({i} / {self.pick(['3', '2.5', f'({y} or 1)'])})",
            lambda: f"({x} {self.pick(['//', '%'])} {self.pick(['0.75', '-2.0', f'({y} or 1.5)'])})",
            lambda: f"(-{x})",
            lambda: f"abs({x})",
            lambda: f"round({x}, 2)",
            lambda: f"{self.pick(['min', 'max'])}({x}, {y})",
            lambda: f"({x} if {self.condition(scope, depth - 1)} else {y})",
            lambda: f"(({i} & 1023) * {x})",
            lambda: "G_float",
        ]
        if self.variable(scope, "o"):
            options += [lambda: f"{self.variable(scope, 'o')}.x"] * 3
        calls = [f for f in self.functions if f[2] == "f"]
        if calls and scope.function:
            options += [lambda: self.call(scope, self.pick(calls), depth - 1)] * 2
        return self.pick(options)()

    def s_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "s")
        if depth <= 0 or self.chance(25):
            return name if name and self.chance(70) else self.pick(STRINGS)
        x = self.s_expression(scope, depth - 1)
        y = self.s_expression(scope, depth - 1)
        i = self.i_expression(scope, depth - 1)
        return self.pick(
            [
                lambda: f"({x} + {y})[-12:]",
                lambda: f"f'{{{self.plain(scope)}}}{{{self.plain(scope)}!r}}'[:20]",
                lambda: f"str({i})[:9]",
                lambda: f"{x}.{self.pick(['upper()', 'strip()', 'title()', 'lower()'])}",
                lambda: f"{x}[{i} % 3:]",
                lambda: f"({x} * ({i} % 3))[:12]",
                lambda: f"'-'.join([{x}, {y}])[:15]",
                lambda: f"({x} if {self.condition(scope, depth - 1)} else {y})",
                lambda: f"'%s/%d' % ({x}, ({i} & 15))",
            ]
        )()

    def l_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "l")
        if depth <= 0 or self.chance(25):
            return (
                name
                if name and self.chance(70)
                else self.pick(["[1, 2, 3]", "[0]", "list(range(5))", "[7, -1, 2**40]"])
            )
        x = self.l_expression(scope, depth - 1)
        v = self.fresh("i")
        inside = scope.inner()
        inside.add(v)
        i = self.i_expression(scope, depth - 1)
        return self.pick(
            [
                lambda: f"[{i}, {self.i_expression(scope, depth - 1)}]",
                lambda: f"({x} + {self.l_expression(scope, depth - 1)})[:6]",
                lambda: f"sorted({x})",
                lambda: f"{x}[{self.pick(['1:', ':-1', '::-1', ':2', '::2'])}]",
                lambda: f"[{self.i_expression(inside, depth - 1)} for {v} in {self.pick([x + '[:6]', 'range(4)'])}]",
                lambda: f"[{v} for {v} in {x}[:6] if {self.condition(inside, depth - 1)}]",
                lambda: f"[*{x}[:4], {i}]",
                lambda: f"list(map(lambda {v}: {self.i_expression(inside, depth - 1)}, {x}[:5]))",
                lambda: "G_list[:]",
            ]
        )()

    def d_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "d")
        if name and self.chance(50):
            return name
        v = self.fresh("i")
        inside = scope.inner()
        inside.add(v)
        return self.pick(
            [
                lambda: f"{{0: {self.i_expression(scope, depth - 1)}, 'k': {self.i_expression(scope, depth - 1)}}}",
                lambda: f"{{{v}: {self.i_expression(inside, depth - 1)} for {v} in range(3)}}",
                lambda: f"dict.fromkeys(range(3), {self.i_expression(scope, depth - 1)})",
            ]
        )()

    def o_expression(self, scope: Scope, depth: int) -> str:
        name = self.variable(scope, "o")
        if not self.classes or (name and self.chance(50)):
            return name or "None"
        return f"{self.pick(self.classes)}({self.i_expression(scope, depth - 1)})"

    def plain(self, scope: Scope) -> str:
        """Something short that may stand inside an f-string."""
        return self.variable(scope, self.pick("iifs")) or self.pick(["1", "2.5", "G_int"])

    def condition(self, scope: Scope, depth: int = 1) -> str:
        kind = self.pick("iiiifs")
        x = self.expression(scope, kind, depth - 1)
        y = self.expression(scope, kind, depth - 1)
        options = [
            lambda: f"({x} {self.pick(['<', '<=', '==', '!=', '>', '>='])} {y})",
            lambda: f"({x} {self.pick(['<', '<=', '==', '!=', '>', '>='])} {y})",
            lambda: f"({x} < {self.expression(scope, kind, 0)} <= {y})",
            lambda: f"(not {x})",
            lambda: f"({x} == {y} {self.pick(['and', 'or'])} {x} < {y})",
            lambda: f"({self.i_expression(scope, depth - 1)} % {self.pick([2, 3, 4])} == 0)",
            lambda: f"({self.i_expression(scope, depth - 1)} in {self.pick(['(1, 2, 3)', '{1, 2}', 'G_list'])})",
            lambda: f"isinstance({x}, {self.pick(['int', 'float', '(int, str)', 'bool'])})",
        ]
        anything = self.variable(scope, "a")
        if anything:
            options += [
                lambda: f"({anything} is {self.pick(['None', 'not None'])})",
                lambda: f"bool({anything})",
                lambda: f"(type({anything}) is int)",
            ]
        return self.pick(options)()

    def call(self, scope: Scope, function: tuple[str, list[str], str], depth: int) -> str:
        name, parameters, _ = function
        arguments = [self.expression(scope, p[0], depth) for p in parameters]
        if not parameters or self.chance(50):
            return f"{name}({', '.join(arguments)})"
        return self.pick(
            [
                lambda: f"{name}({', '.join(f'{p}={a}' for p, a in zip(parameters, arguments))})",
                lambda: f"{name}(*[{', '.join(arguments)}])",
                lambda: f"{name}({', '.join(arguments[:-1] + ['**{' + repr(parameters[-1]) + ': ' + arguments[-1] + '}'])})",
            ]
        )()

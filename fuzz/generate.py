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

PRELUDE = """\
import sys

BUDGET = 2500
G_int = 3
G_float = 1.5
G_list = [4, 5, 6]


class Exhausted(BaseException):
    pass


class Mine(Exception):
    pass


def tick():
    global BUDGET
    BUDGET -= 1
    if BUDGET < 0:
        raise Exhausted


class Loud:
    log = []

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"

    def __del__(self):
        Loud.log.append(self.name)


class Ctx:
    def __init__(self, swallow):
        self.swallow = swallow

    def __enter__(self):
        Loud.log.append("+")
        return 7

    def __exit__(self, kind, value, tb):
        Loud.log.append("-" if kind is None else kind.__name__)
        return self.swallow and kind is not None and issubclass(kind, Exception)


def shape(v, depth=2):
    if type(v) in (list, tuple) and depth:
        return f"{type(v).__name__}({', '.join(shape(x, depth - 1) for x in v[:8])})"
    if type(v) is dict and depth:
        return "dict(" + ", ".join(f"{shape(k, 0)}: {shape(x, depth - 1)}" for k, x in list(v.items())[:8]) + ")"
    if callable(v):
        return "callable"
    return f"{type(v).__name__} {v!r}"[:120]


def observe(name, function, *args, **kw):
    try:
        text = shape(function(*args, **kw))
    except Exception as e:
        text = f"{type(e).__name__}: {e}"[:160]
        tb = e.__traceback__.tb_next
        while tb:
            text += f" {tb.tb_frame.f_code.co_name}:{tb.tb_lineno}+{tb.tb_lasti}"
            tb = tb.tb_next
        c = e.__context__
        while c:
            text += f" after {type(c).__name__}"
            c = c.__context__
    print(name, text, " ".join(Loud.log))
    Loud.log.clear()

"""


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


class Generator:
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
                lambda: f"{o}.mix({x}, k={y})",
            ] * 2
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

    # ---------------------------------------------------------------- statements

    def block(self, scope: Scope, indent: str, size: int, depth: int) -> list[str]:
        lines = []
        for _ in range(self.random.randint(1, size)):
            lines += [indent + line for line in self.statement(scope, depth)]
        return lines or [indent + "pass"]

    def statement(self, scope: Scope, depth: int) -> list[str]:
        simple = (
            [self.assign] * 5
            + [self.augment] * (8 if scope.loop else 3)
            + [self.mutate] * 3
            + [self.unpack, self.drift, self.loud, self.record]
        )
        if scope.loop:
            simple += [self.leave_loop]
        if scope.function:
            simple += [self.store_global, self.return_early, self.raise_error]
        compound = (
            [self.conditional] * 3
            + [self.for_loop] * 3
            + [self.number_loop] * 2
            + [self.while_loop, self.try_block, self.try_block, self.with_block, self.matching]
        )
        if scope.function:
            compound += [self.closure]
        return self.pick(compound if depth > 0 and self.chance(50) else simple)(scope, depth)

    def target(self, scope: Scope, kind: str) -> str:
        known = self.variable(scope, kind)
        name = known if known and self.chance(65) else self.fresh(kind)
        return name

    def assign(self, scope: Scope, depth: int) -> list[str]:
        kind = self.pick("iiiffsldoa")
        value = self.expression(scope, kind)
        name = self.target(scope, kind)
        scope.add(name)
        return [f"{name} = {value}"]

    def augment(self, scope: Scope, depth: int) -> list[str]:
        kind = self.pick("iiiff")
        name = self.variable(scope, kind)
        if not name:
            return self.assign(scope, depth)
        if kind == "f":
            # A float variable may hold an int: adding 0.0 keeps repeated products from growing for ever.
            value = self.expression(scope, "f", 1)
            return [
                self.pick(
                    [
                        f"{name} += {value}",
                        f"{name} -= {value}",
                        f"{name} *= {value} + 0.0",
                        f"{name} /= {value} or 2.0",
                    ]
                )
            ]
        operator = self.pick(["+=", "-=", "+=", "^=", "|=", "&=", "%=", "//=", ">>="])
        if operator == ">>=":
            return [f"{name} >>= {self.random.randrange(9)}"]
        if operator in ("%=", "//="):
            return [f"{name} {operator} {self.expression(scope, 'i', 1)} or 5"]
        return [f"{name} {operator} {self.expression(scope, 'i', 1)}"]

    def mutate(self, scope: Scope, depth: int) -> list[str]:
        i = self.expression(scope, "i", 1)
        options = []
        if name := self.variable(scope, "l"):
            options += [
                f"{name}[{self.pick(['0', '-1', i + ' % 4'])}] = {i}",
                f"if len({name}) < 9: {name}.append({i})",
                f"if len({name}) > 2: {name}.pop()",
                f"{name}[1:2] = [{i}]",
                f"if len({name}) > 3: del {name}[0]",
            ]
        if name := self.variable(scope, "d"):
            options += [f"{name}[{i} % 5] = {i}", f"{name}.pop({i} % 5, None)", f"{name}['k'] = {i}"]
        if name := self.variable(scope, "o"):
            options += [
                f"{name}.n = {i}",
                f"{name}.n += 1",
                f"{name}.x = {self.expression(scope, 'f', 1)}",
                f"{name}.x *= 1.5",
                f"{name}.extra = {i}",
                f"{name}.friend = {name}.n",
            ]
        return [self.pick(options)] if options else self.assign(scope, depth)

    def unpack(self, scope: Scope, depth: int) -> list[str]:
        x, y = self.target(scope, "i"), self.target(scope, "i")
        values = self.expression(scope, "i", 1), self.expression(scope, "i", 1)
        rest = self.fresh("l")
        line = self.pick(
            [
                f"{x}, {y} = {values[0]}, {values[1]}",
                f"{x}, {y} = ({values[0]}, {values[1]})",
                f"{x}, *{rest} = {self.expression(scope, 'l', 1)}",
                f"{x}, {y} = [*{self.expression(scope, 'l', 1)}, 1, 2][:{self.pick([2, 2, 2, 3])}]",
            ]
        )
        scope.add(x)
        if f"*{rest}" in line:
            scope.add(rest)
        else:
            scope.add(y)
        return [line]

    def drift(self, scope: Scope, depth: int) -> list[str]:
        """Give an int variable a value of another kind, mostly under a condition that is true late."""
        name = self.variable(scope, "i")
        if not name:
            return self.assign(scope, depth)
        value = self.pick(
            [
                f"float({name})",
                f"{name} + 0.5",
                f"{name} + 2**62",
                f"{name} << 64",
                "True",
                f"{name} / 2",
                f"{name} + 0",
            ]
            + (["None", "'drift'"] if self.chance(25) else [])
        )
        return [f"if {self.condition(scope)}: {name} = {value}"]

    def loud(self, scope: Scope, depth: int) -> list[str]:
        name = self.target(scope, "a")
        n = self.plain(scope)
        self.count += 1
        line = self.pick(
            [
                f"{name} = Loud(f'L{self.count}.{{{n}}}')",
                f"{name} = [Loud('m{self.count}')]",
                f"Loud('t{self.count}')",
                f"{name} = Loud('q{self.count}').name",
                f"{name} = None",
            ]
        )
        if line.startswith("a"):
            scope.add(name)
        return [line]

    def record(self, scope: Scope, depth: int) -> list[str]:
        return [f"Loud.log.append(str({self.plain(scope)})[:9])"]

    def leave_loop(self, scope: Scope, depth: int) -> list[str]:
        return [f"if {self.condition(scope)}: {self.pick(['break', 'continue'])}"]

    def store_global(self, scope: Scope, depth: int) -> list[str]:
        # `global` stands at the head of every function, so that a plain store is enough here.
        return [
            self.pick(
                [
                    f"G_int = {self.expression(scope, 'i', 1)}",
                    "G_int += 1",
                    f"G_float = {self.expression(scope, 'f', 1)}",
                    "G_list = G_list[1:] + [2]",
                ]
            )
        ]

    def return_early(self, scope: Scope, depth: int) -> list[str]:
        return [f"if {self.condition(scope)}: return {self.expression(scope, 'a', 1)}"]

    def raise_error(self, scope: Scope, depth: int) -> list[str]:
        rarely = f"{self.expression(scope, 'i', 1)} % {self.pick([3, 5, 7, 11])} == 2"
        if self.chance(20):
            return [f"assert {rarely.replace('==', '!=')}, 'no'"]
        return [f"if {rarely}: raise {self.pick(ERRORS)}({self.plain(scope)})"]

    def conditional(self, scope: Scope, depth: int) -> list[str]:
        lines = [f"if {self.condition(scope, 2)}:"] + self.block(scope.inner(), "    ", 3, depth - 1)
        if self.chance(30):
            lines += [f"elif {self.condition(scope)}:"] + self.block(scope.inner(), "    ", 2, depth - 1)
        if self.chance(50):
            lines += ["else:"] + self.block(scope.inner(), "    ", 2, depth - 1)
        return lines

    def for_loop(self, scope: Scope, depth: int) -> list[str]:
        v, w = self.fresh("i"), self.fresh("i")
        turns = self.random.randint(2, 12 if scope.loop == 0 else 4)
        heads = [
            f"for {v} in range({turns}):",
            f"for {v} in range({turns}):",
            f"for {v} in range({self.pick([2**62, 2**63 - 3, -3, 2**30 - 2])}, {self.pick([2**62 + 5, 2**63 + 4, 5, 2**30 + 3])})[:9]:",
            f"for {v} in {self.expression(scope, 'l', 1)}[:{turns}]:",
            f"for {v}, {w} in enumerate({self.expression(scope, 'l', 1)}[:{turns}]):",
            f"for {v}, {w} in zip(range({turns}), G_list[:4] * 3):",
            f"for {v}, {w} in list({self.expression(scope, 'd', 1)}.items())[:{turns}]:",
        ]
        if self.generators and scope.function:
            heads += [f"for {v} in {self.pick(self.generators)}({turns}):"]
        head = self.pick(heads)
        inside = scope.inner(scope.loop + 1)
        # Keys of dictionaries can be strings: they do not count as ints.
        inside.add(w if ".items()" in head else v)
        if "enumerate" in head or "zip" in head:
            inside.add(w)
        lines = [head] + self.block(inside, "    ", 4, depth - 1)
        if self.chance(15):
            lines += ["else:"] + self.block(scope.inner(), "    ", 1, 0)
        return lines

    def number_loop(self, scope: Scope, depth: int) -> list[str]:
        """A loop as numeric programs have it: a few accumulators, some tests, perhaps a late change of type."""
        v, total, other = self.fresh("i"), self.target(scope, "i"), self.target(scope, "f")
        inside = scope.inner(scope.loop + 1)
        for name in (v, total, other):
            inside.add(name)
        turns = self.random.randint(5, 40 if scope.loop == 0 else 5)
        lines = [
            f"{total} = {self.expression(scope, 'i', 1)}",
            f"{other} = {self.expression(scope, 'f', 1)}",
            f"for {v} in range({turns}):",
        ]
        for _ in range(self.random.randint(2, 5)):
            lines += [
                "    " + line
                for line in self.pick(
                    [self.augment, self.augment, self.augment, self.unpack, self.mutate, self.assign, self.leave_loop]
                )(inside, 0)
            ]
        if self.chance(40):
            late = self.pick(
                [f"float({total})", f"{total} + 2**61", f"{total} / 3", f"{total} + 2**64", f"bool({total})"]
            )
            lines += [f"    if {v} == {self.random.randrange(turns)}: {self.pick([total, total, other])} = {late}"]
        scope.add(total)
        scope.add(other)
        return lines

    def while_loop(self, scope: Scope, depth: int) -> list[str]:
        # The counter's name begins with a letter of no kind: nothing else assigns it.
        counter = self.fresh("c")
        turns = self.random.randint(2, 10 if scope.loop == 0 else 3)
        inside = scope.inner(scope.loop + 1)
        lines = [f"{counter} = 0", f"while {counter} < {turns}:", f"    {counter} += 1"]
        if self.chance(30):
            lines[1] = f"while {counter} < {turns} and {self.condition(scope)}:"
        return lines + self.block(inside, "    ", 3, depth - 1)

    def try_block(self, scope: Scope, depth: int) -> list[str]:
        error = self.pick(ERRORS + ["Exception", "(TypeError, ValueError)", "ArithmeticError", "LookupError"])
        name = self.fresh("e")
        lines = ["try:"] + self.block(scope.inner(), "    ", 3, depth - 1)
        if self.chance(30):
            raising, fitting = self.pick(
                [
                    ("[][0]", "IndexError"),
                    ("1 // 0", "ArithmeticError"),
                    ("raise Mine(5)", "Mine"),
                    ("None.x", "AttributeError"),
                    ("{}[1]", "LookupError"),
                ]
            )
            lines += [f"    {raising}"]
            # Mostly the handler fits; otherwise the exception goes on to the caller.
            error = fitting if self.chance(80) else error
        handled = self.chance(85)
        if handled:
            lines += [f"except {error} as {name}:"] + self.block(scope.inner(), "    ", 2, depth - 1)
            if self.chance(30):
                lines += [f"    Loud.log.append(type({name}).__name__)"]
            if self.chance(10):
                lines += [
                    (
                        f"    raise Mine('again'){self.pick(['', ' from ' + name, ' from None'])}"
                        if self.chance(50)
                        else "    raise"
                    )
                ]
            if self.chance(25):
                lines += ["else:"] + self.block(scope.inner(), "    ", 2, 0)
        if not handled or self.chance(35):
            # `loop=0`: break and continue in finally would hide the exhausted budget.
            lines += ["finally:"] + self.block(Scope(scope.names, 0, False), "    ", 2, 0)
        return lines

    def with_block(self, scope: Scope, depth: int) -> list[str]:
        v = self.fresh("i")
        inside = scope.inner()
        inside.add(v)
        lines = [f"with Ctx({self.condition(scope)}) as {v}:"] + self.block(inside, "    ", 3, depth - 1)
        if self.chance(20):
            lines[0] = f"with Ctx({self.pick(['True', self.condition(scope)])}) as {v}:"
            lines += [f"    raise {self.pick(ERRORS)}('with')"]
        return lines

    def matching(self, scope: Scope, depth: int) -> list[str]:
        subject = self.variable(scope, self.pick("ilsdoa")) or self.expression(scope, "l", 1)
        v = self.fresh("a")
        w = self.fresh("a")
        cases = [
            "case 0 | 1:",
            f"case int({v}) if {self.condition(scope)}:",
            f"case [{v}, *{w}]:",
            f"case {{'k': {v}}}:",
            f"case str({v}):",
            f"case [{v}, {w}]:",
            "case None:",
        ]
        if self.classes:
            cases.append(f"case {self.pick(self.classes)}(n={v}):")
        lines = [f"match {subject}:"]
        for case in self.random.sample(cases, self.random.randint(1, 3)):
            lines += ["    " + case] + self.block(scope.inner(), "        ", 2, 0)
        if self.chance(50):
            lines += ["    case _:"] + self.block(scope.inner(), "        ", 1, 0)
        return lines

    def closure(self, scope: Scope, depth: int) -> list[str]:
        name = self.fresh("h")
        kept = self.variable(scope, "i")
        p = self.fresh("i")
        inside = Scope({k: [n for n in names if k != "o"] for k, names in scope.names.items()}, 0, True)
        inside.add(p)
        lines = [f"def {name}({p}, {self.fresh('z')}=2):", "    tick()"]
        # Only what is bound here and not a parameter of a comprehension can be nonlocal; reading is enough elsewhere.
        body = [f"return {self.expression(inside, 'i')}"]
        lines += ["    " + line for line in body]
        uses = [f"{kept} = {name}({kept})"] if kept else []
        result = self.fresh("i")
        lines += uses + [f"{result} = {name}({self.expression(scope, 'i', 1)})"]
        scope.add(result)
        return lines

    # ---------------------------------------------------------------- definitions

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
        if self.chance(40):
            lines += [
                "    def __eq__(self, other):",
                "        return self.n == getattr(other, 'n', other)",
                "    __hash__ = None",
            ]
        if self.chance(30):
            lines += [
                "    def __getattr__(self, name):",
                "        if name in ('extra', 'friend'): return 11",
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

"""Random statements, simple and compound."""

from __future__ import annotations

from expressions import ERRORS, Expressions, Scope


class Statements(Expressions):
    """Blocks of statements, by the depth that is left."""

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
            + [self.unpack, self.drift, self.loud, self.loud, self.swap, self.record, self.bound, self.names]
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
                f"if hasattr({name}, 'seen'): {name}.seen = {i}",
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
                f"{name} = {self.watch()}",
                f"{name} = {self.watch()}",
                f"{self.watch()}",
                f"{name} = len([{self.watch()}, {n}])",
                f"for {name} in {self.watch()}, {n}: pass",
            ]
        )
        if line.startswith("a"):
            scope.add(name)
        return [line]

    def watch(self) -> str:
        return f"Watch({self.pick(['line', 'stack', 'locals', 'locals', 'keep', 'write', 'write', 'trace'])!r})"

    def swap(self, scope: Scope, depth: int) -> list[str]:
        """Stores that come in pairs, with what they let die in between."""
        x, y = self.target(scope, "a"), self.target(scope, "i")
        value = self.expression(scope, "i", 1)
        line = self.pick([
            f"{x}, {y} = None, {value}",
            f"{y}, {x} = {value}, {self.watch()}",
            f"{x} = {self.watch()}; {x}, {y} = {y if y in scope.names.get('i', ()) else 1}, {value}",
            f"{x} = {y} = {value}",
        ])  # fmt: skip
        scope.add(x)
        scope.add(y)
        return [line]

    def names(self, scope: Scope, depth: int) -> list[str]:
        """locals() as the function sees it."""
        return ["Loud.log.append(' '.join(f'{k}={shape(v, 1)[:12]}' for k, v in sorted(locals().items()) if k[0] in 'if')[:70])"]

    def bound(self, scope: Scope, depth: int) -> list[str]:
        """A method that is kept and called later, more than once."""
        owner = self.variable(scope, "o")
        if not owner:
            return self.assign(scope, depth)
        name, result = self.fresh("method"), self.target(scope, "i")
        x, y = self.expression(scope, "i", 1), self.plain(scope)
        keep = f"{name} = {owner}.{self.pick(['step', 'mix', 'mix', 'made'])}"
        again = self.pick([f"{name}({y})", f"{name}(i0={x})", f"[{name}(v) for v in range(3)][-1]"])
        scope.add(result)
        return [keep, f"{result} = {name}({x})", f"{result} = {again}"]

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

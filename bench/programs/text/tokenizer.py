"""A small language from text to result: tokens, a precedence parser, an interpreter."""

N = 800

SOURCE = """
let total = 0;
let i = 0;
while i < 60 {
    let square = i * i + (i - 3) * 2;
    if square % 3 == 0 { total = total + square; } else { total = total - 1; }
    i = i + 1;
}
let a = 0; let b = 1; let k = 0;
while k < 40 { let c = a + b; a = b; b = c % 10007; k = k + 1; }
print total * 2 + b;
"""

KEYWORDS = {"let", "while", "if", "else", "print"}


def tokens(text):
    at = 0
    line = 1
    while at < len(text):
        c = text[at]
        if c == "\n":
            line += 1
            at += 1
        elif c.isspace():
            at += 1
        elif c.isdigit():
            start = at
            while at < len(text) and text[at].isdigit():
                at += 1
            yield "number", int(text[start:at]), line
        elif c.isalpha() or c == "_":
            start = at
            while at < len(text) and (text[at].isalnum() or text[at] == "_"):
                at += 1
            word = text[start:at]
            yield ("keyword" if word in KEYWORDS else "name"), word, line
        else:
            pair = text[at : at + 2]
            if pair in ("==", "<=", ">=", "!="):
                yield "op", pair, line
                at += 2
            else:
                yield "op", c, line
                at += 1
    yield "end", None, line


class Node:
    pass


class Number(Node):
    def __init__(self, value):
        self.value = value

    def run(self, names):
        return self.value


class Name(Node):
    def __init__(self, name):
        self.name = name

    def run(self, names):
        return names[self.name]


OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "%": lambda a, b: a % b,
    "/": lambda a, b: a // b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
PRECEDENCE = {"==": 1, "!=": 1, "<": 2, ">": 2, "<=": 2, ">=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "%": 4}


class Operation(Node):
    def __init__(self, operator, left, right):
        self.apply = OPERATORS[operator]
        self.left = left
        self.right = right

    def run(self, names):
        return self.apply(self.left.run(names), self.right.run(names))


class Assign(Node):
    def __init__(self, name, value):
        self.name = name
        self.value = value

    def run(self, names):
        names[self.name] = self.value.run(names)


class While(Node):
    def __init__(self, test, body):
        self.test = test
        self.body = body

    def run(self, names):
        while self.test.run(names):
            for statement in self.body:
                statement.run(names)


class If(Node):
    def __init__(self, test, body, other):
        self.test = test
        self.body = body
        self.other = other

    def run(self, names):
        for statement in self.body if self.test.run(names) else self.other:
            statement.run(names)


class Print(Node):
    def __init__(self, value):
        self.value = value

    def run(self, names):
        names.setdefault("", []).append(self.value.run(names))


class Parser:
    def __init__(self, text):
        self.stream = tokens(text)
        self.advance()

    def advance(self):
        token = getattr(self, "token", None)
        self.token = next(self.stream)
        return token

    def accept(self, value):
        if self.token[1] == value and self.token[0] in ("op", "keyword"):
            self.advance()
            return True
        return False

    def expect(self, value):
        if not self.accept(value):
            raise SyntaxError(f"line {self.token[2]}: {value} expected, not {self.token[1]}")

    def program(self):
        body = []
        while self.token[0] != "end":
            body.append(self.statement())
        return body

    def block(self):
        self.expect("{")
        body = []
        while not self.accept("}"):
            body.append(self.statement())
        return body

    def statement(self):
        if self.accept("while"):
            return While(self.expression(), self.block())
        if self.accept("if"):
            test = self.expression()
            body = self.block()
            return If(test, body, self.block() if self.accept("else") else [])
        if self.accept("print"):
            node = Print(self.expression())
        else:
            self.accept("let")
            name = self.advance()[1]
            self.expect("=")
            node = Assign(name, self.expression())
        self.expect(";")
        return node

    def expression(self, lowest=0):
        left = self.primary()
        while self.token[0] == "op" and PRECEDENCE.get(self.token[1], 0) > lowest:
            operator = self.advance()[1]
            left = Operation(operator, left, self.expression(PRECEDENCE[operator]))
        return left

    def primary(self):
        kind, value, line = self.token
        if kind == "number":
            self.advance()
            return Number(value)
        if kind == "name":
            self.advance()
            return Name(value)
        if self.accept("("):
            node = self.expression()
            self.expect(")")
            return node
        raise SyntaxError(f"line {line}: {value!r}")


def run(n):
    names = {}
    for _ in range(n):
        for statement in Parser(SOURCE).program():
            statement.run(names)
    return names[""][-1], len(names[""])

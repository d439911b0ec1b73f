# A small virtual machine written in Python: dispatch by dictionary, by if chain and by match.
from probe import steady

CODE = [
    ("push", 0),
    ("store", "s"),
    ("push", 1),
    ("store", "i"),
    ("load", "i"),
    ("push", 40),
    ("lt", None),
    ("jz", 18),
    ("load", "s"),
    ("load", "i"),
    ("load", "i"),
    ("mul", None),
    ("add", None),
    ("store", "s"),
    ("load", "i"),
    ("push", 1),
    ("add", None),
    ("jmp", 3),
    ("load", "s"),
    ("halt", None),
]


class Machine:
    def __init__(self):
        self.stack, self.env, self.pc, self.steps = [], {}, 0, 0
        self.table = {n[3:]: getattr(self, n) for n in dir(self) if n.startswith("op_")}

    def op_push(self, a):
        self.stack.append(a)

    def op_load(self, a):
        self.stack.append(self.env[a])

    def op_store(self, a):
        self.env[a] = self.stack.pop()

    def op_add(self, a):
        b = self.stack.pop()
        self.stack[-1] += b

    def op_mul(self, a):
        b = self.stack.pop()
        self.stack[-1] *= b

    def op_lt(self, a):
        b = self.stack.pop()
        self.stack[-1] = self.stack[-1] < b

    def op_jz(self, a):
        if not self.stack.pop():
            self.pc = a

    def op_jmp(self, a):
        self.pc = a

    def run(self, code):
        while True:
            op, a = code[self.pc]
            self.pc += 1
            self.steps += 1
            if op == "halt":
                return self.stack.pop(), self.steps
            self.table[op](a)


def chain(code):
    stack, env, pc = [], {}, 0
    while True:
        op, a = code[pc]
        pc += 1
        if op == "push":
            stack.append(a)
        elif op == "load":
            stack.append(env[a])
        elif op == "store":
            env[a] = stack.pop()
        elif op == "add":
            b = stack.pop()
            stack.append(stack.pop() + b)
        elif op == "mul":
            b = stack.pop()
            stack.append(stack.pop() * b)
        elif op == "lt":
            b = stack.pop()
            stack.append(stack.pop() < b)
        elif op == "jz":
            if not stack.pop():
                pc = a
        elif op == "jmp":
            pc = a
        else:
            return stack.pop()


def matched(code):
    stack, env, pc = [], {}, 0
    while True:
        match code[pc]:
            case ("push", a):
                stack.append(a)
            case ("load", a):
                stack.append(env[a])
            case ("store", a):
                env[a] = stack.pop()
            case ("add" | "mul" as op, _):
                b = stack.pop()
                stack.append(stack.pop() + b if op == "add" else stack.pop() * b)
            case ("lt", _):
                b = stack.pop()
                stack.append(stack.pop() < b)
            case ("jz", a) if not stack.pop():
                pc = a
                continue
            case ("jmp", a):
                pc = a
                continue
            case ("halt", _):
                return stack.pop()
        pc += 1


steady(lambda: Machine().run(CODE))
steady(chain, CODE)
steady(matched, CODE)
floats = [("push", 0.5) if c == ("push", 1) else c for c in CODE]
steady(chain, floats)
steady(lambda: Machine().run(floats))

"""A program that is hard on profilers, generated together with the list of which function each of its lines may call.

A stack in which a line's frame has a callee that the line never calls is impossible: the profiler made it up.
"""

import random


def generate(seed=1, layers=6, width=10):
    """Returns (source text, {line: names that it may call}) of a module with main(seconds)."""
    rng = random.Random(seed)
    lines, calls = [], {}

    def add(text, *callees):
        lines.append(text)
        if callees:
            calls[len(lines)] = set(callees)

    add("import functools, time")
    for layer in range(layers):
        for k in range(width):
            add(f"def step{layer}_{k}(value):")
            for _ in range(3 if layer + 1 < layers else 0):
                callee = f"step{layer + 1}_{rng.randrange(width)}"
                add(f"    value = {callee}(value)", callee)
            add(f"    return value * {rng.randrange(3, 99)} & 4095")
    for text, callees in (
        ("def tick(value):", ()),
        ("    return value + 1", ()),
        ("def produce(count):", ()),
        ("    for k in range(count):", ()),
        ("        yield tick(k)", ("tick",)),
        ("def relay(count):", ()),
        ("    yield from produce(count)", ("produce",)),
        ("def key(value):", ()),
        ("    return -value", ()),
        ("def order(a, b):", ()),
        ("    return b - a", ()),
        ("def dive(depth):", ()),
        ("    if depth:", ()),
        ("        return dive(depth - 1)", ("dive",)),
        ("    return tick(depth)", ("tick",)),
        ("class Box:", ("Box",)),  # the class's body is a function of that name
        ("    __slots__ = ('value',)", ()),
        ("    def __init__(self, value):", ()),
        ("        self.value = value", ()),
        ("    @property", ()),
        ("    def next(self):", ()),
        ("        return tick(self.value)", ("tick",)),
        ("    def __add__(self, other):", ()),
        ("        return Box(self.value + other.value)", ("__init__",)),
        ("    def __lt__(self, other):", ()),
        ("        return self.value < other.value", ()),
        ("NUMBERS = list(range(50))", ()),
        ("ORDER = functools.cmp_to_key(order)", ()),
        ("BOXES = [Box(k * 7 % 31) for k in range(31)]", ("__init__",)),
        ("def raiser(depth):", ()),
        ("    if depth:", ()),
        ("        raiser(depth - 1)", ("raiser",)),
        ("    raise KeyError(depth)", ()),
        ("async def leaf_task(count):", ()),
        ("    return [tick(k) for k in range(count)]", ("tick",)),
        ("async def task(count):", ()),
        ("    return await leaf_task(count)", ("leaf_task",)),
        ("def drive(coroutine):", ()),
        ("    try:", ()),
        ("        coroutine.send(None)", ("task",)),
        ("    except StopIteration as stop:", ()),
        ("        return stop.value", ()),
        ("def work():", ()),
        ("    for k in range(15): step0_0(k)", ("step0_0",)),
        ("    for k in range(15): step0_1(k)", ("step0_1",)),
        ("    sum(relay(50))", ("relay",)),
        ("    sorted(NUMBERS, key=key)", ("key",)),
        ("    sorted(NUMBERS, key=ORDER)", ("order",)),
        ("    dive(150)", ("dive",)),
        ("    total = Box(1)", ("__init__",)),
        ("    for k in range(25):", ()),
        ("        total = total + Box(k)", ("__add__", "__init__")),
        ("        total.next", ("next",)),
        ("    sorted(BOXES)", ("__lt__",)),
        ("    list(map(tick, NUMBERS))", ("tick",)),
        ("    [k for k in produce(25)]", ("produce",)),
        ("    drive(task(20))", ("drive", "task")),  # calling a coroutine function runs its first instruction
        ("    try:", ()),
        ("        raiser(10)", ("raiser",)),
        ("    except KeyError:", ()),
        ("        pass", ()),
        ("def main(seconds):", ()),
        ("    end = time.process_time() + seconds", ()),
        ("    while time.process_time() < end:", ()),
        ("        work()", ("work",)),
        ("if __name__ == '__main__':", ()),
        ("    import sys", ()),
        ("    main(float(sys.argv[1]))", ("main",)),
    ):
        add(text, *callees)
    return "\n".join(lines) + "\n", calls


def impossible(profile, file, calls):
    """(samples looked at, pairs looked at, examples of pairs that cannot be) in the stacks of `file`'s program."""
    samples = pairs = 0
    wrong = []
    bad_nodes, seen = {}, {}
    for node in profile.node:
        if node not in seen:
            frames = [f for f in profile.stack(node) if f.kind in ("python", "compiled")]
            found, looked = [], 0
            for caller, callee in zip(frames, frames[1:]):
                if caller.file != file or callee.file != file:
                    continue
                looked += 1
                name = callee.name.rpartition(".")[2]
                if name not in calls.get(caller.line, ()):
                    found.append((caller.name, caller.line, callee.name))
            in_program = [f for f in frames if f.file == file]
            if in_program and in_program[0].name not in ("<module>", "main"):
                found.append(("root", 0, in_program[0].name))
            seen[node] = looked
            bad_nodes[node] = found
        samples += 1
        pairs += seen[node]
        wrong += bad_nodes[node]
    return samples, pairs, wrong

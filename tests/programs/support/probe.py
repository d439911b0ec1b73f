"""What the test programs share: ways to make observations visible on standard output.

Each helper prints types with values, because `1`, `1.0` and `True` must not be confused, and floats by their bits where
that matters. `steady` calls a function often enough that every mode has compiled it by the end, and prints how often
each result was seen, so that a wrong result in the middle of a run shows.
"""

import sys
import traceback

TURNS = 12


def shape(value):
    """A value with the names of its types, also inside builtin containers."""
    kind = type(value)
    if kind in (tuple, list):
        return f"{kind.__name__}[{', '.join(map(shape, value))}]"
    if kind in (set, frozenset):
        return f"{kind.__name__}[{', '.join(sorted(map(shape, value)))}]"
    if kind is dict:
        return "dict[" + ", ".join(f"{shape(k)}: {shape(v)}" for k, v in value.items()) + "]"
    if kind is type or isinstance(value, type):
        return f"class {value.__name__}"
    if value is None or value is NotImplemented or value is Ellipsis:
        return repr(value)
    return f"{kind.__name__} {value!r}"


def show(*values):
    print(*[value if type(value) is str and value.endswith(":") else shape(value) for value in values])


def outcome(function, /, *args, **kwargs):
    """The result of a call, or the exception with its chain."""
    try:
        return shape(function(*args, **kwargs))
    except BaseException as error:
        return chain(error)


def chain(error):
    text = f"{type(error).__name__}: {error}"
    if error.__cause__ is not None:
        text += f" <- cause {chain(error.__cause__)}"
    elif error.__context__ is not None and not error.__suppress_context__:
        text += f" <- context {chain(error.__context__)}"
    return text


def steady(function, /, *args, **kwargs):
    """Call `function` TURNS times and print each distinct outcome, in order, with its count."""
    seen = {}
    for _ in range(TURNS):
        result = outcome(function, *args, **kwargs)
        seen[result] = seen.get(result, 0) + 1
    name = getattr(function, "__qualname__", type(function).__name__).replace("<locals>.", "")
    for result, count in seen.items():
        print(f"{name} x{count}: {result}")


def trail(error):
    """The traceback of an exception: for each frame the name, the lines, the columns and the instruction."""
    found = []
    entry = error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        line, end_line, column, end_column = list(code.co_positions())[entry.tb_lasti // 2]
        found.append(f"{code.co_qualname}@{entry.tb_lineno}[{line}:{column}-{end_line}:{end_column}]+{entry.tb_lasti}")
        entry = entry.tb_next
    return found


def print_traceback(error):
    """The traceback as users read it, without the folder of the program."""
    folder = sys.path[0] + "/"
    print("".join(traceback.format_exception(error)).replace(folder, "").rstrip())


class Loud:
    """An object that says when it dies."""

    log = []

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"

    def __del__(self):
        Loud.log.append(f"-{self.name}")


def mark(text):
    Loud.log.append(text)


def deaths():
    """What was logged since the last call: deaths (`-name`) and marks, in order."""
    found = " ".join(Loud.log)
    Loud.log.clear()
    return found

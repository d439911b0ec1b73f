"""Makes a failing program smaller: `reduce(source, fails)` keeps what is needed for `fails(source)` to stay true.

Works on the syntax tree, so that each attempt is a program that parses: statements are removed in shrinking chunks,
compound statements are replaced by their bodies, expressions by one of their operands or by a small constant.
The caller's `fails` decides alone; it has to reject programs that fail for a trivial reason.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

BODIES = ("body", "orelse", "finalbody")


def statement_lists(tree: ast.AST) -> list[list[ast.stmt]]:
    found = []
    for node in ast.walk(tree):
        for field in BODIES:
            value = getattr(node, field, None)
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                found.append(value)
    return found


def text_of(tree: ast.AST) -> str | None:
    """The source of a tree, with `pass` where a body became empty; None if it is no program any more."""
    tree = copy.deepcopy(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.TryStar) and not (node.handlers or node.finalbody):
            return None
        if hasattr(node, "body") and isinstance(node.body, list) and not node.body and not isinstance(node, ast.Module):
            node.body.append(ast.Pass())
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        compile(text, "<reduced>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return text


class Reducer:
    def __init__(self, source: str, fails: Callable[[str], bool], attempts: int):
        self.tree = ast.parse(source)
        self.fails = fails
        self.left = attempts
        self.seen: set[str] = set()

    def keeps_failing(self) -> bool:
        text = text_of(self.tree)
        if text is None or text in self.seen or self.left <= 0:
            return False
        self.seen.add(text)
        self.left -= 1
        return self.fails(text)

    def remove_statements(self) -> bool:
        """Remove runs of statements, long runs first, in every list of the tree."""
        changed = False
        for statements in statement_lists(self.tree):
            size = len(statements)
            while size:
                start = 0
                while start < len(statements):
                    removed = statements[start : start + size]
                    statements[start : start + size] = []
                    if self.keeps_failing():
                        changed = True
                    else:
                        statements[start:start] = removed
                        start += size
                size //= 2
        return changed

    def unwrap_statements(self) -> bool:
        """Replace a compound statement by the statements in one of its bodies."""
        changed = False
        for statements in statement_lists(self.tree):
            index = 0
            while index < len(statements):
                node = statements[index]
                if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                    bodies = [getattr(node, field) for field in BODIES if isinstance(getattr(node, field, None), list)]
                    bodies += [handler.body for handler in getattr(node, "handlers", [])]
                    bodies += [case.body for case in getattr(node, "cases", [])]
                    for body in bodies:
                        statements[index : index + 1] = body
                        if self.keeps_failing():
                            changed = True
                            break
                        statements[index : index + len(body)] = [node]
                index += 1
        return changed

    def drop_parts(self) -> bool:
        """Remove handlers, decorators, parameters' defaults, else branches and match cases."""
        changed = False
        for node in ast.walk(self.tree):
            for field in (
                "orelse",
                "finalbody",
                "handlers",
                "cases",
                "decorator_list",
                "keywords",
                "elts",
                "bases",
                "items",
            ):
                value = getattr(node, field, None)
                if not isinstance(value, list):
                    continue
                for item in list(value):
                    index = next(i for i, candidate in enumerate(value) if candidate is item)
                    del value[index]
                    if self.keeps_failing():
                        changed = True
                    else:
                        value.insert(index, item)
        return changed

    def simplify_expressions(self) -> bool:
        """Replace an expression by one of its own operands, or by a constant."""
        changed = False
        for parent in list(ast.walk(self.tree)):
            for field, value in list(ast.iter_fields(parent)):
                # Only places that read a value; names of targets and patterns stay.
                for place, node in places(value):
                    if not isinstance(node, ast.expr) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                        continue
                    if isinstance(node, ast.Constant | ast.Name) or isinstance(
                        parent, ast.JoinedStr | ast.FormattedValue | ast.MatchValue
                    ):
                        continue
                    for candidate in [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)] + [
                        ast.Constant(1)
                    ]:
                        put(parent, field, place, candidate)
                        if self.keeps_failing():
                            changed = True
                            break
                        put(parent, field, place, node)
        return changed

    def run(self) -> str:
        steps = (self.remove_statements, self.unwrap_statements, self.drop_parts, self.simplify_expressions)
        while self.left > 0 and any([step() for step in steps]):
            pass
        return text_of(self.tree) or ""


def places(value) -> list[tuple[int | None, ast.AST]]:
    if isinstance(value, list):
        return list(enumerate(value))
    return [(None, value)] if isinstance(value, ast.AST) else []


def put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


def reduce(source: str, fails: Callable[[str], bool], attempts: int = 1500) -> str:
    """The smallest program found for which `fails` is still true. `source` itself has to fail."""
    if not fails(source):
        raise ValueError("the program does not fail")
    # The tree's own text is the first attempt: if formatting alone makes the failure go away, nothing else can start.
    normal = text_of(ast.parse(source))
    if normal is None or not fails(normal):
        return source
    return Reducer(normal, fails, attempts).run()

"""Compiles every code object of the standard library with Overdrive, without running any, and prints what came of it.

    python tests/stdlib/compile_library.py [--with-tests] [--json OUT] [FILE.py ...]

The sources are read and compiled by CPython; each code object found, nested ones included, is given to
`overdrive._core.compile_code`, which answers None or the name of the reason why it declined. The name of the function
in hand is written to --progress before each call, so that a crash of the compiler names its victim.
"""

import argparse
import collections
import inspect
import json
import pathlib
import sys
import sysconfig
import time
import types
import warnings

STDLIB = pathlib.Path(sysconfig.get_path("stdlib"))
# Not part of the library: what pip installs, and the tests of CPython unless asked for.
FOREIGN = {"site-packages", "dist-packages", "__pycache__"}
TESTS = {"test", "idle_test", "tests"}


def sources(with_tests: bool) -> list[pathlib.Path]:
    left_out = FOREIGN if with_tests else FOREIGN | TESTS
    return sorted(p for p in STDLIB.rglob("*.py") if not left_out.intersection(p.relative_to(STDLIB).parts[:-1]))


def code_objects(code: types.CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


def kind(code: types.CodeType) -> str:
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        return "generator"
    # Functions have fast locals; bodies of modules and classes do not.
    return "function" if code.co_flags & inspect.CO_OPTIMIZED else "body"


def survey(paths, compile_code, progress) -> dict:
    counts = collections.Counter()
    reasons = {name: collections.Counter() for name in ("function", "generator", "body")}
    examples = {}
    slowest = []
    unreadable = []
    for path in paths:
        try:
            with warnings.catch_warnings(action="ignore"):
                top = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            # The library ships a few files that are wrong on purpose (bad syntax, bad encodings).
            unreadable.append(str(path))
            continue
        for code in code_objects(top):
            if progress:
                progress.seek(0)
                progress.write(f"{code.co_qualname} {path}:{code.co_firstlineno}\n")
                progress.truncate()
                progress.flush()
            began = time.perf_counter()
            reason = compile_code(code)
            took = time.perf_counter() - began
            counts[kind(code)] += 1
            slowest = sorted(slowest + [(took, code.co_qualname, f"{path}:{code.co_firstlineno}")])[-5:]
            if reason is not None:
                reasons[kind(code)][reason] += 1
                examples.setdefault(reason, f"{code.co_qualname} at {path}:{code.co_firstlineno}")
    return {"counts": counts, "reasons": reasons, "examples": examples, "slowest": slowest, "unreadable": unreadable}


def table(found: dict) -> str:
    lines = [f"{'reason':32} {'functions':>10} {'generators':>10} {'bodies':>8}  example"]
    reasons = sorted(found["examples"], key=lambda r: -found["reasons"]["function"].get(r, 0))
    for reason in reasons:
        by_kind = [found["reasons"][k].get(reason, 0) for k in ("function", "generator", "body")]
        lines.append(f"{reason:32} {by_kind[0]:10} {by_kind[1]:10} {by_kind[2]:8}  {found['examples'][reason]}")
    declined = [sum(found["reasons"][k].values()) for k in ("function", "generator", "body")]
    total = [found["counts"].get(k, 0) for k in ("function", "generator", "body")]
    lines.append(f"{'declined':32} {declined[0]:10} {declined[1]:10} {declined[2]:8}")
    lines.append(f"{'all':32} {total[0]:10} {total[1]:10} {total[2]:8}")
    lines += [f"slowest: {took * 1000:8.2f} ms {name} {where}" for took, name, where in reversed(found["slowest"])]
    lines.append(f"{len(found['unreadable'])} files do not compile in CPython either")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--with-tests", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--progress")
    arguments = parser.parse_args()
    import overdrive._core as _core

    progress = open(arguments.progress, "w", encoding="utf-8") if arguments.progress else None
    found = survey(arguments.files or sources(arguments.with_tests), _core.compile_code, progress)
    print(table(found))
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

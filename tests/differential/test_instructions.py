"""The programs contain every instruction of CPython 3.13, so that none can be lowered untested."""

import dis
import opcode
import types
import warnings

import harness

# Instructions that no compiler output contains: markers, what the interpreter writes itself, pseudo instructions.
NOT_EMITTED = {
    "CACHE",
    "RESERVED",
    "INTERPRETER_EXIT",
    "ENTER_EXECUTOR",
    "EXIT_INIT_CHECK",
}


def real_instructions() -> set[str]:
    return {
        name
        for name, number in opcode.opmap.items()
        if number < 256 and not name.startswith("INSTRUMENTED_") and name not in NOT_EMITTED
    }


def code_objects(code: types.CodeType):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


def test_every_instruction_occurs():
    seen = set()
    for path in harness.PROGRAMS.rglob("*.py"):
        with warnings.catch_warnings(action="ignore"):
            top = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        for code in code_objects(top):
            seen.update(dis.opname[instruction.opcode] for instruction in dis.get_instructions(code))
    assert sorted(real_instructions() - seen) == []

"""Operators, comparisons, truth, subscripts and slices against the interpreter."""
import itertools
import math
import operator

import pytest
from helpers_compare import NULL, Noisy, Op, ext, log, no_leak, quiet, same

BINARY = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"]
COMPARE = ["<", "<=", "==", "!=", ">", ">="]


class SubInt(int):
    def __add__(self, o):
        return "sub"

    __radd__ = __eq__ = __add__
    __hash__ = int.__hash__


MAKERS = {
    "zero": lambda: 0, "one": lambda: 1, "seven": lambda: 7, "minus": lambda: -3, "mid": lambda: 2**31 + 5,
    "big": lambda: 3**80, "nbig": lambda: -3**80, "true": lambda: True, "false": lambda: False, "f0": lambda: 0.0,
    "nf0": lambda: -0.0, "f": lambda: 2.5, "nf": lambda: -7.25, "inf": lambda: math.inf, "nan": lambda: math.nan,
    "c": lambda: 1 + 2j, "s": lambda: "abc", "s2": lambda: "ab\u1234", "es": lambda: "", "b": lambda: b"xy",
    "l": lambda: [1, 2], "t": lambda: (1, 2), "d": lambda: {1: 2, "abc": 3}, "set": lambda: {1, 7}, "none": lambda: None,
    "op": lambda: Op("x"), "op_no": lambda: Op("no"), "truthy": lambda: Op("truthy"), "false_op": lambda: Op("false"),
    "raises": lambda: Op("raises"), "noisy": lambda: Noisy("n"), "sub": lambda: SubInt(4), "type": lambda: int,
    "range": lambda: range(5), "lop": lambda: [Noisy("in list")],
}
PAIRS = list(itertools.product(MAKERS, MAKERS))


def pair(a, b):
    return lambda: [MAKERS[a](), MAKERS[b]()]


def huge(op, a, b):
    """The result would fill the memory."""
    return op in ("*", "<<", "**") and bool({a, b} & {"mid", "big", "nbig"})


@pytest.mark.parametrize("kind", range(13))
def test_binary(kind):
    op = BINARY[kind]
    real = eval(f"lambda L: L.pop(0) {op} L.pop(0)")
    for a, b in PAIRS:
        if huge(op, a, b):
            continue
        same(real, "binary_op", pair(a, b), (kind, 0))
        same(real, "binary_op", pair(a, b), (kind, bytearray(16)))


@pytest.mark.parametrize("kind", range(13))
def test_inplace(kind):
    names = {"+": "iadd", "&": "iand", "//": "ifloordiv", "<<": "ilshift", "@": "imatmul", "*": "imul", "%": "imod",
             "|": "ior", "**": "ipow", ">>": "irshift", "-": "isub", "/": "itruediv", "^": "ixor"}
    real = getattr(operator, names[BINARY[kind]])
    for a, b in PAIRS:
        if huge(BINARY[kind], a, b):
            continue
        same(lambda L: real(*L), "binary_op", pair(a, b), (kind + 13, 0), logs=False)


@pytest.mark.parametrize("op", range(6))
def test_compare(op):
    real = eval(f"lambda L: L.pop(0) {COMPARE[op]} L.pop(0)")
    test = eval(f"lambda L: 1 if L.pop(0) {COMPARE[op]} L.pop(0) else 0")
    for a, b in PAIRS:
        same(real, "compare", pair(a, b), (op, 0))
        same(test, "compare_bool", pair(a, b), (op, 0))
        same(test, "compare_bool", pair(a, b), (op, bytearray(16)))


@pytest.mark.parametrize("op", range(6))
def test_compare_items(op):
    """[tuple, op, *items]: the comparison with a tuple of the items."""
    real = eval(f"lambda L: L.pop(0) {COMPARE[op]} (L.pop(1), *L[1:])")
    test = eval(f"lambda L: 1 if L.pop(0) {COMPARE[op]} (L.pop(1), *L[1:]) else 0")
    for a, b in PAIRS:
        def operands():
            return [(1, MAKERS[a](), MAKERS[b]()), op, 1, MAKERS[b](), MAKERS[a]()]

        # The interpreter's tuples are made of the lists' items here, so that destructions differ.
        same(real, "compare_items", operands, logs=False)
        same(test, "compare_items_bool", operands, logs=False)
    for n, m in itertools.product(range(3), range(1, 3)):
        same(real, "compare_items", lambda: [(1, 2)[:n], op, *(1, 2)[:m]])


def test_unary_and_truth():
    for m in MAKERS:
        one = lambda: [MAKERS[m]()]
        same(lambda L: -L.pop(0), "unary_negative", one)
        if not m.startswith(("true", "false")):
            same(lambda L: ~L.pop(0), "unary_invert", one)
        same(lambda L: 1 if L.pop(0) else 0, "is_true", one)
        same(lambda L: L.pop(0) in L.pop(0), "contains", lambda: [1, MAKERS[m]()], convert=bool)
        same(lambda L: L.pop(0) in L.pop(0), "contains", lambda: [Op("needle"), MAKERS[m]()], convert=bool)
        same(lambda L: L.pop(0) in L.pop(0), "contains", lambda: [[], MAKERS[m]()], convert=bool)


class Missing(dict):
    def __missing__(self, k):
        return Noisy("missing")


CONTAINERS = {
    "list": lambda: [Noisy("a"), 1, 2], "tuple": lambda: (Noisy("a"), 1), "dict": lambda: {0: Noisy("v"), "k": 1},
    "missing": lambda: Missing(), "str": lambda: "h\u00e9\u1234", "bytes": lambda: b"abc", "op": lambda: Op("c"),
    "none": lambda: None, "type": lambda: list, "int": lambda: 5, "noisy": lambda: Noisy("n"), "empty": lambda: [],
    "ba": lambda: bytearray(b"abc"), "mv": lambda: memoryview(bytearray(b"abc")), "range": lambda: range(3),
}
KEYS = {"0": lambda: 0, "1": lambda: 1, "-1": lambda: -1, "-4": lambda: -4, "9": lambda: 9, "big": lambda: 3**80,
        "true": lambda: True, "k": lambda: "k", "float": lambda: 1.5, "list": lambda: [], "op": lambda: Op("key"),
        "slice": lambda: slice(0, 2), "none": lambda: None, "sub": lambda: SubInt(1)}


def set_real(L):
    v = [L.pop(0)]
    L.pop(0)[L.pop(0)] = v.pop()
    return 0


def del_real(L):
    del L.pop(0)[L.pop(0)]
    return 0


def test_items():
    for c, k in itertools.product(CONTAINERS, KEYS):
        make = lambda: [CONTAINERS[c](), KEYS[k]()]
        same(lambda L: L.pop(0)[L.pop(0)], "get_item", make, (0,))
        same(lambda L: L.pop(0)[L.pop(0)], "get_item", make, (bytearray(16),))
        same(del_real, "del_item", make)
        for v in (lambda: 65, lambda: Noisy("value")):
            same(set_real, "set_item", lambda: [v(), *make()], (0,))


def test_slices():
    def store(L):
        v = [L.pop(0)]
        L.pop(0)[L.pop(0):L.pop(0)] = v.pop()
        return 0

    bounds = [lambda: None, lambda: 0, lambda: 1, lambda: -1, lambda: "x", lambda: Noisy("bound")]
    for c, i, j in itertools.product(CONTAINERS, bounds, bounds):
        same(lambda L: L.pop(0)[L.pop(0):L.pop(0)], "binary_slice", lambda: [CONTAINERS[c](), i(), j()])
        same(store, "store_slice", lambda: [[Noisy("new")], CONTAINERS[c](), i(), j()])


def test_profile():
    p = bytearray(16)
    ext.run("binary_op", [1, 2.5, 0, p])
    ext.run("binary_op", ["a", "b", 0, p])
    lhs, rhs, count, _ = (int.from_bytes(p[i:i + 4], "little") for i in range(0, 16, 4))
    bit = lambda o: 1 << ext.kind_of(o)
    assert (lhs, rhs, count) == (bit(1) | bit("a"), bit(2.5) | bit("b"), 2)
    assert len({ext.kind_of(o) for o in (None, True, 1, 1.0, 1j, "", b"", (), [], {}, set(), frozenset(), len)}) == 13
    assert ext.kind_of(SubInt(1)) == ext.kind_of(object())


def test_leaks():
    def round_():
        for a, b in (("big", "mid"), ("f", "nf"), ("op", "op"), ("s", "s2"), ("noisy", "one"), ("l", "lop")):
            for k in (0, 5, 10, 11, 24):
                quiet(lambda: ext.run("binary_op", [*pair(a, b)(), k, 0]))
            for k in range(6):
                quiet(lambda: ext.run("compare", [*pair(a, b)(), k, 0]))
                quiet(lambda: ext.run("compare_bool", [*pair(a, b)(), k, 0]))
        for c, k in itertools.product(CONTAINERS, KEYS):
            quiet(lambda: ext.run("get_item", [CONTAINERS[c](), KEYS[k](), 0]))
            quiet(lambda: ext.run("set_item", [Noisy("v"), CONTAINERS[c](), KEYS[k](), 0]))
            quiet(lambda: ext.run("del_item", [CONTAINERS[c](), KEYS[k]()]))
            quiet(lambda: ext.run("binary_slice", [CONTAINERS[c](), KEYS[k](), KEYS[k]()]))
            quiet(lambda: ext.run("store_slice", [[1], CONTAINERS[c](), KEYS[k](), KEYS[k]()]))
            quiet(lambda: ext.run("contains", [KEYS[k](), CONTAINERS[c]()]))
        log.clear()

    no_leak(round_, rounds=20)
    assert NULL is ext.NULL

"""Operations on known types against the interpreter's own."""
import itertools
import math
import operator
import random
import sys

import pytest
from helpers_compare import NULL, Noisy, ext, no_leak, quiet, same

INTS = [0, 1, -1, 5, -7, 255, 256, 257, -5, -6, 2**30 - 1, 2**30, -2**30, 2**31, 2**60 - 1, 2**60, 2**63, -2**63, 2**64,
        2**53 - 1, 2**53, 2**53 + 1, -2**53 - 1, 10**30, -10**30, 2**1023, 2**1024, -2**1024, 2**1100 + 1]
COMPARE = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
BINARY = [operator.add, operator.and_, operator.floordiv, operator.lshift, operator.matmul, operator.mul, operator.mod,
          operator.or_, operator.pow, operator.rshift, operator.sub, operator.truediv, operator.xor]


def test_ints():
    for a, b in itertools.product(INTS, INTS):
        assert ext.run("long_add", [a, b]) == a + b
        assert ext.run("long_sub", [a, b]) == a - b
        assert ext.run("long_mul", [a, b]) == a * b
        for i, f in enumerate(COMPARE):
            assert ext.run("long_compare", [a, b, i]) == f(a, b)
        for kind, f in enumerate(BINARY):
            if (f is operator.lshift and b > 2**20) or (f is operator.pow and max(abs(a), abs(b)) > 300):
                continue
            same(lambda L: f(L[0], L[1]), "long_binary", lambda: [a, b], (kind,), logs=False)
    assert ext.run("long_binary", [True, False, 1]) is False


def test_int_float():
    floats = [0.0, -0.0, 0.5, -0.5, 1.0, 1.5, math.inf, -math.inf, math.nan, 5e-324, 1.7e308, -1.7e308, 2.0**53, 2.0**60,
              2.0**63, 2.0**1023, float(10**30), -float(10**30), 1e100]
    rng = random.Random(1)
    ints = INTS + [rng.getrandbits(rng.randrange(1, 1100)) * rng.choice((1, -1)) for _ in range(300)]
    for i in ints:
        near = []
        try:
            f = float(i)
            near = [f, math.nextafter(f, 0), math.nextafter(f, math.inf), f + 0.5, -f, f * 2, f / 2]
            assert ext.run("long_to_float", [i]) == f
        except OverflowError:
            pass
        for d in floats + near:
            for k, f in enumerate(COMPARE):
                assert ext.run("int_float_compare", [i, d, k]) == f(i, d), (i, d, k)
    for _ in range(20000):
        i = rng.getrandbits(rng.randrange(30, 140)) * rng.choice((1, -1))
        d = float(i + rng.choice((-1, 0, 1)) * (1 << rng.randrange(60)))
        for k in (0, 2, 4):
            assert ext.run("int_float_compare", [i, d, k]) == COMPARE[k](i, d), (i, d, k)


def test_floats():
    values = [0.0, -0.0, 1.0, -1.0, 0.1, 2.5, -7.25, 1e300, 5e-324, math.inf, -math.inf, math.nan, 3.0, 1e17, 0.3]
    for a, b in itertools.product(values, values):
        if b:
            assert repr(ext.run("float_mod", [a, b])) == repr(a % b), (a, b)
            assert repr(ext.run("float_floordiv", [a, b])) == repr(a // b), (a, b)
        if a > 0:
            try:
                r = a ** b
            except OverflowError:
                continue
            if math.isfinite(r):
                assert repr(ext.run("float_pow", [a, b])) == repr(r)
    rng = random.Random(2)
    for _ in range(20000):
        a, b = rng.uniform(-1e6, 1e6), rng.choice((0.1, 0.3, 1.5, -2.5)) * rng.randrange(1, 50)
        assert repr(ext.run("float_mod", [a, b])) == repr(a % b)
        assert repr(ext.run("float_floordiv", [a, b])) == repr(a // b)


STRS = ["", "a", "abc", "abd", "\xe9", "ab\u1234", "ab\U00012345", "abc" * 30, "".join(["a", "bc"])]


def test_strings():
    for a, b in itertools.product(STRS, STRS):
        assert ext.run("str_equal", [a, b]) == (a == b)
        assert ext.run("str_concat", [a, b]) == a + b
        assert ext.run("str_append", ["".join([a, "x"]), b]) == a + "x" + b
        assert ext.run("str_append", [a, b]) == a + b
        for k, f in enumerate(COMPARE):
            assert ext.run("str_compare", [a, b, k]) == f(a, b)
    for s in STRS:
        for i, c in enumerate(s):
            r = ext.run("str_index", [s, i])
            assert r == c and (r is s[i] or ord(c) > 255)
        assert ext.run("str_index", [s, len(s)]) is NULL and ext.run("str_index", [s, 10**9]) is NULL
    kept = "".join(["k", "ept"])
    assert ext.run("str_append", [kept, "!"]) == "kept!" and kept == "kept"


class Plain:
    pass


class StrKey(str):
    pass


def test_dicts():
    d = {"a": 1, "b": Noisy("v")}
    for k in ("a", "b", "absent", "".join(["a"]), "new" + str(len(d))):
        assert ext.run("dict_get_str", [d, k]) is d.get(k, NULL)
    assert ext.run("dict_get_str", [{1: 2, "a": 3}, "a"]) is NULL
    assert ext.run("dict_get_str", [{StrKey("a"): 3}, "a"]) is NULL
    assert ext.run("dict_get_str", [{}, "a"]) is NULL
    p = Plain()
    p.x, p.y = 1, 2
    assert ext.run("dict_get_str", [p.__dict__, "x"]) == 1 and ext.run("dict_get_str", [p.__dict__, "z"]) is NULL
    del p.__dict__["x"]
    assert ext.run("dict_get_str", [p.__dict__, "x"]) is NULL
    many = {f"k{i}": i for i in range(100000)}
    for i in range(0, 100000, 977):
        assert ext.run("dict_get_str", [many, f"k{i}"]) == i
        del many[f"k{i}"]
        assert ext.run("dict_get_str", [many, f"k{i}"]) is NULL


def test_quick_truth():
    class Sized:
        def __len__(self):
            return 0

    for value in (None, True, False, 0, 7, 2**70, 0.0, -1.5, "", "a", b"", b"a", [], [0], (), (0,), {}, {1: 2}, set(), {1}):
        assert ext.run("quick_truth", [value]) == bool(value)
    assert ext.run("quick_truth", [object()]) == 1
    assert ext.run("quick_truth", [Sized()]) == 2


def test_objects():
    import gc
    o = ext.run("new_object", [Plain])
    assert type(o) is Plain and o.__dict__ == {} and gc.is_tracked(o) and sys.getrefcount(o) == 2
    o = ext.run("new_object", [Plain])
    o.x = 5
    assert o.x == 5
    items = ext.run("object_alloc_list", [4])
    assert items == [None] * 4 and ext.run("object_alloc_list", [0]) == []
    items = [Noisy("a"), 2, 3]
    assert ext.run("list_getslice", [items, 0, 2]) == items[:2]


def test_every_row_has_a_test():
    import pathlib
    import re
    text = "".join(p.read_text() for p in pathlib.Path(__file__).parent.glob("helpers_*_test.py"))
    # Tested with the programs of tests/programs (attributes, speculation): they need a compiled caller's site.
    sites = {"get_attr_poly", "find_method", "cell_of", "insert_inline_value"}
    sites |= {r for r in ext.ROWS if r.startswith("call_c_")}  # tests/programs/calls/c_functions.py
    assert [r for r in ext.ROWS if r not in sites and not re.search(rf'"{r}"|\'{r}\'', text)] == []


def test_leaks():
    p = Plain()
    p.x = 1

    def round_():
        for a, b in itertools.product(INTS[:20], INTS[:20]):
            for h in ("long_add", "long_sub", "long_mul"):
                ext.run(h, [a, b])
            quiet(lambda: ext.run("long_binary", [a, b, 2]))
            ext.run("int_float_compare", [a, 1e18, 0])
        for a, b in itertools.product(STRS, STRS):
            ext.run("str_concat", [a, b])
            ext.run("str_append", ["".join([a, "x"]), b])
            ext.run("str_append", [a, b])
        for s in STRS:
            ext.run("str_index", [s, 0])
        ext.run("dict_get_str", [p.__dict__, "x"])
        ext.run("new_object", [Plain])
        ext.run("object_alloc_list", [5])
        ext.run("list_getslice", [[1, 2, Noisy("x")], 0, 3])

    no_leak(round_, rounds=20)

"""Containers, unpacking, formatting, iteration and pattern matching against the interpreter."""
import itertools

import pytest
from helpers_compare import NULL, Noisy, Op, ext, log, no_leak, quiet, same


def noisy(n):
    return lambda: [Noisy(f"i{i}") for i in range(n)]


def test_sequences():
    for n in range(5):
        pops = ", ".join("L.pop(0)" for _ in range(n))
        comma = "," if n == 1 else ""
        same(eval(f"lambda L: ({pops}{comma})"), "build_tuple", noisy(n))
        same(eval(f"lambda L: [{pops}]"), "build_list", noisy(n))
        if n:
            same(eval(f"lambda L: {{{pops}}}"), "build_set", lambda: [*range(n)])
            same(eval(f"lambda L: {{{pops}}}"), "build_set", lambda: [Op(f"o{i}") for i in range(n)])
            same(eval(f"lambda L: {{{pops}}}"), "build_set", lambda: [Noisy("x"), *([] for _ in range(n - 1))])


def test_maps():
    for make in (lambda: [], lambda: ["k", Noisy("v")], lambda: ["k", Noisy("v"), "k", Noisy("w")],
                 lambda: [Op("a"), Noisy("v"), Op("b"), Noisy("w")], lambda: [Noisy("k"), 1, [], Noisy("v"), 2, 3]):
        pairs = ", ".join("L.pop(0): L.pop(0)" for _ in range(len(make()) // 2))
        same(eval(f"lambda L: {{{pairs}}}"), "build_map", make)
    same(lambda L: {"a": L.pop(0), "b": L.pop(0)}, "build_const_key_map", noisy(2), (("a", "b"),))


def test_strings():
    same(lambda L: f"{L.pop(0)}{L.pop(0)}{L.pop(0)}", "build_string", lambda: ["a", "\u1234", ""])
    same(lambda L: f"{L.pop(0)}", "format_simple", lambda: ["abc"])
    for v in (lambda: 5, lambda: 1.5, lambda: Op("x"), lambda: Noisy("x"), lambda: None, lambda: "s", lambda: [Noisy("y")]):
        same(lambda L: f"{L.pop(0)}", "format_simple", lambda: [v()])
        same(lambda L: format(L.pop(0), L.pop(0)), "format_with_spec", lambda: [v(), ">5"])
        same(lambda L: format(L.pop(0), L.pop(0)), "format_with_spec", lambda: [v(), "zzz"])
        for i, f in enumerate((str, repr, ascii), 1):
            same(lambda L: f(L.pop(0)), "convert_value", lambda: [v()], (i,))
    parts = [lambda: None, lambda: 1, lambda: Noisy("part")]
    for a, b, c in itertools.product(parts, parts, parts):
        same(lambda L: slice(L.pop(0), L.pop(0), L.pop(0)), "build_slice", lambda: [a(), b(), c()])
        same(lambda L: slice(L.pop(0), L.pop(0)), "build_slice", lambda: [a(), b()], (NULL,))


class Iter(Noisy):
    def __init__(self, n, fail=False):
        super().__init__("iterable")
        self.n, self.fail = n, fail

    def __iter__(self):
        for i in range(self.n):
            yield Noisy(f"item{i}")
        if self.fail:
            raise ArithmeticError("iter")


class Mapping(Noisy):
    def keys(self):
        log.append("keys")
        return ["a", "b"] if self.name != "bad" else 5

    def __getitem__(self, k):
        if self.name == "raises":
            raise AttributeError(k)
        return Noisy(f"value {k}")


ITERABLES = [lambda: [1, 2], lambda: (Noisy("t"), 2), lambda: Iter(2), lambda: Iter(1, True), lambda: 5, lambda: Noisy("no"),
             lambda: {1: 2, 3: 4}, lambda: "ab", lambda: Op("seq"), lambda: {7}, lambda: None, lambda: [], lambda: iter([1, 2, 3]),
             lambda: [[], []], lambda: [1, 2, 3, 4]]
MAPPINGS = [lambda: {"a": 1}, lambda: Mapping("m"), lambda: Mapping("bad"), lambda: Mapping("raises"), lambda: 5,
            lambda: [("a", 1)], lambda: Noisy("no"), lambda: {"x": Noisy("x")}, lambda: {3: 4}, lambda: None]


def test_extend():
    for it in ITERABLES:
        check(lambda L: [0, *L.pop(0)], "list_extend", lambda: [0], it)
        check(lambda L: {0, *L.pop(0)}, "set_update", lambda: {0}, it)
    for m in MAPPINGS:
        check(lambda L: {"k": 1, **L.pop(0)}, "dict_update", lambda: {"k": 1}, m)

        def f(**kw):
            return kw

        if m() != {3: 4}:  # refused by the call, not by the merge
            check(lambda L: f(x=1, **L.pop(0)), "dict_merge", lambda: {"x": 1}, m, f)


def check(real, helper, target, operand, *extra):
    """For instructions that change a container below their operand."""
    from helpers_compare import fresh, observe

    def by_helper(L):
        t = target()
        assert ext.run(helper, [t, L.pop(0), *extra]) == 0
        return t

    a, la = observe(fresh(real), lambda: [operand()])
    b, lb = observe(by_helper, lambda: [operand()])
    assert a[:3] == b[:3], (helper, operand())
    assert la == lb or a[0] != "result", (helper, operand())  # a traceback holds the target here


def test_add():
    check(lambda L: [x for x in [L.pop(0)]], "list_append", list, lambda: Noisy("x"))
    for v in (lambda: 1, lambda: Op("x"), lambda: [Noisy("in")]):
        check(lambda L: {L.pop(0)}, "set_add", set, v)
        check(lambda L: {L.pop(0): 5}, "map_add", dict, v, 5)


def unpack_real(n):
    names = [f"v{i}" for i in range(n)]
    env = {}
    exec(f"def f(L):\n [{', '.join(names)}] = L.pop(0)\n return [{', '.join(names)}]", env)
    return env["f"]


def test_unpack():
    for it in ITERABLES:
        for n in (0, 1, 2, 3):
            same(unpack_real(n), "unpack_sequence", lambda: [it()], (n, ("out", n)) if n else (0, 0),
                 convert=lambda r: r[1] if n else [])
        for before, after in ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (0, 3)):
            names = [f"a{i}" for i in range(before)] + ["*r"] + [f"b{i}" for i in range(after)]
            env = {}
            exec(f"def f(L):\n {', '.join(names)}, = L.pop(0)\n return [{', '.join(names).replace('*', '')}]", env)
            same(env["f"], "unpack_ex", lambda: [it()], (before, after, ("out", before + 1 + after)), convert=lambda r: r[1])


class Stop(Noisy):
    def __next__(self):
        if self.name == "stops":
            raise StopIteration(5)
        raise ValueError("next")

    def __iter__(self):
        return self


def test_iteration():
    for it in ITERABLES:
        same(lambda L: list(L.pop(0)), "get_iter", lambda: [it()], convert=list, logs=False)
        same(lambda L: len(L.pop(0)), "get_len", lambda: [it()], logs=False)
    i = iter([1])
    assert ext.run("for_iter", [i]) == 1 and ext.run("for_iter", [i]) is NULL and ext.run("for_iter", [i]) is NULL
    assert ext.run("for_iter", [Stop("stops")]) is NULL
    with pytest.raises(ValueError, match="next"):
        ext.run("for_iter", [Stop("fails")])
    same(lambda L: len(L.pop(0)), "get_len", lambda: [Op("short")], logs=False)


class Point(Noisy):
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        super().__init__("point")
        self.x, self.y = x, y


class Odd(Noisy):
    __match_args__ = [1]


def test_match():
    assert ext.run("match_class", [Point(1, 2), Point, ("y",), 1]) == (1, 2)
    assert ext.run("match_class", [Point(1, 2), Point, ("z",), 1]) is None
    assert ext.run("match_class", [5, Point, (), 0]) is None
    assert ext.run("match_class", [5, int, (), 1]) == (5,)

    def positional(L):
        subject, cls = L.pop(0), L.pop(0)
        match subject:
            case cls(a, b):
                return a, b
        return None

    for s, c in itertools.product((lambda: Point(1, 2), lambda: 5, lambda: Odd("o")), (Point, int, Odd, 5)):
        same(positional, "match_class", lambda: [s(), c, ()], (2,), logs=False)
    assert ext.run("match_keys", [{"a": 1, "b": 2}, ("b", "a")]) == (2, 1)
    assert ext.run("match_keys", [{"a": 1}, ("b",)]) is None
    with pytest.raises(ValueError, match="duplicate key"):
        ext.run("match_keys", [{"a": 1}, ("a", "a")])
    mapping, sequence = 1 << 6, 1 << 5
    assert [ext.run("type_flag", [o, f]) for o in ({}, [], "") for f in (mapping, sequence)] == [1, 0, 0, 1, 0, 0]


def test_leaks():
    def round_():
        for it in ITERABLES:
            for n in (1, 2):
                quiet(lambda: ext.run("unpack_sequence", [it(), n, ("out", n)]))
                quiet(lambda: ext.run("unpack_ex", [it(), n, 1, ("out", n + 2)]))
            quiet(lambda: ext.run("list_extend", [[], it()]))
            quiet(lambda: ext.run("set_update", [set(), it()]))
        for m in MAPPINGS:
            quiet(lambda: ext.run("dict_update", [{}, m()]))
            quiet(lambda: ext.run("dict_merge", [{"a": 1}, m(), len]))
        for n in range(3):
            ext.run("build_tuple", noisy(n)())
            ext.run("build_list", noisy(n)())
            quiet(lambda: ext.run("build_set", [Noisy("x"), [], Noisy("y")][:n]))
            quiet(lambda: ext.run("build_map", [[], 1] * n))
        quiet(lambda: ext.run("map_add", [{}, [], Noisy("x")]))
        quiet(lambda: ext.run("set_add", [set(), [Noisy("x")]]))
        quiet(lambda: ext.run("match_class", [Odd("o"), Odd, ("a",), 2]))
        quiet(lambda: ext.run("convert_value", [Noisy("x"), 2]))

    no_leak(round_, rounds=20)

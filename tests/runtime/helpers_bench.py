"""Nanoseconds a call of the hot helpers, beside the interpreter's own instruction (specialised, loop overhead taken
off). python helpers_bench.py [name ...]"""
import sys
import time

from helpers_compare import NULL, ext

N = 200_000


class Q:
    cls = 5

    def __init__(self):
        self.x = 1
        self.y = 2

    def m(self):
        return None

    @property
    def p(self):
        return None

    def __eq__(self, o):
        return True

    def __bool__(self):
        return True


def f0():
    return None


def f1(a):
    return a


class Sub(Q):
    pass


q, lst, d, t, s = Q(), [1, 2, 3], {"a": 1, "b": 2}, (1, 2), "abc"
qs = Sub()
OUT = ("out", 1)
CASES = {
    "is_true bool": ("is_true", [True], "if a: pass", dict(a=True)),
    "is_true list": ("is_true", [lst], "if a: pass", dict(a=lst)),
    "is_true obj": ("is_true", [q], "if a: pass", dict(a=q)),
    "is_true dict": ("is_true", [d], "if a: pass", dict(a=d)),
    "compare_bool int": ("compare_bool", [3, 4, 0, 0], "if a < b: pass", dict(a=3, b=4)),
    "compare_bool str": ("compare_bool", ["abc", "abd", 2, 0], "if a == b: pass", dict(a="abc", b="abd")),
    "compare_bool int float": ("compare_bool", [3, 4.5, 0, 0], "if a < b: pass", dict(a=3, b=4.5)),
    "compare_bool none": ("compare_bool", [None, 3, 2, 0], "if a == b: pass", dict(a=None, b=3)),
    "compare_bool obj": ("compare_bool", [q, q, 2, 0], "if a == b: pass", dict(a=q, b=q)),
    "get_attr x": ("get_attr", [q, "x"], "a.x", dict(a=q)),
    "get_attr class": ("get_attr", [q, "cls"], "a.cls", dict(a=q)),
    "get_attr inherited": ("get_attr", [qs, "cls"], "a.cls", dict(a=qs)),
    "get_attr property": ("get_attr", [q, "p"], "a.p", dict(a=q)),
    "get_attr module": ("get_attr", [sys, "path"], "a.path", dict(a=sys)),
    "get_attr type": ("get_attr", [Q, "cls"], "a.cls", dict(a=Q)),
    "load_method": ("load_method", [q, "m", OUT], None, None),
    "load_method list": ("load_method", [lst, "append", OUT], None, None),
    "load_method module": ("load_method", [time, "time", OUT], None, None),
    "set_attr": ("set_attr", [5, q, "y"], "a.y = 5", dict(a=q)),
    "get_item list": ("get_item", [lst, 1, 0], "a[1]", dict(a=lst)),
    "get_item tuple": ("get_item", [t, 1, 0], "a[1]", dict(a=t)),
    "get_item dict": ("get_item", [d, "a", 0], "a['a']", dict(a=d)),
    "get_item str": ("get_item", [s, 1, 0], "a[1]", dict(a=s)),
    "set_item dict": ("set_item", [5, d, "a", 0], "a['a'] = 5", dict(a=d)),
    "binary_op int": ("binary_op", [1000, 2000, 0, 0], "a + b", dict(a=1000, b=2000)),
    "binary_op int %": ("binary_op", [1000, 7, 6, 0], "a % b", dict(a=1000, b=7)),
    "binary_op int &": ("binary_op", [1000, 7, 1, 0], "a & b", dict(a=1000, b=7)),
    "binary_op float": ("binary_op", [1.5, 2.5, 0, 0], "a + b", dict(a=1.5, b=2.5)),
    "binary_op mixed": ("binary_op", [1.5, 2, 5, 0], "a * b", dict(a=1.5, b=2)),
    "binary_op str": ("binary_op", ["abc", "def", 0, 0], "a + b", dict(a="abc", b="def")),
    "binary_op str %": ("binary_op", ["%s", "def", 6, 0], "a % b", dict(a="%s", b="def")),
    "binary_op list": ("binary_op", [lst, lst, 0, 0], "a + a", dict(a=lst)),
    "call f0": ("call", [f0, NULL], "a()", dict(a=f0)),
    "call f1": ("call", [f1, NULL, 1], "a(1)", dict(a=f1)),
    "call method": ("call", [Q.m, q], "a.m()", dict(a=q)),
    "call len": ("call", [len, NULL, lst], "a(b)", dict(a=len, b=lst)),
    "call isinstance": ("call", [isinstance, NULL, lst, list], "a(b, c)", dict(a=isinstance, b=lst, c=list)),
    "call getattr": ("call", [getattr, NULL, q, "x", None], "a(b, 'x', None)", dict(a=getattr, b=q)),
    "call str.join": ("call", [str.join, ",", ("a", "b")], "a.join(b)", dict(a=",", b=("a", "b"))),
    "call dict.get": ("call", [dict.get, d, "a"], "a.get('a')", dict(a=d)),
    "call class": ("call", [Q, NULL], "a()", dict(a=Q)),
    "call_kw f1": ("call_kw", [f1, NULL, 1, ("a",)], "a(a=1)", dict(a=f1)),
    "call_function_ex": ("call_function_ex", [f1, (1,), NULL], "a(*b)", dict(a=f1, b=(1,))),
    "for_iter zip": ("for_iter", [zip(range(10**9), range(10**9))], None, None),
    "contains dict": ("contains", ["a", d], "'a' in a", dict(a=d)),
    "contains tuple": ("contains", [2, t], "b in a", dict(a=t, b=2)),
    "load_global": ("load_global", ["len"], "len", {}),
    "dict_get_str": ("dict_get_str", [d, "b"], None, None),
    "str_equal": ("str_equal", ["abcdef", "abcdeg"], None, None),
    "long_add": ("long_add", [1000, 2000], None, None),
    "new_object": ("new_object", [Q], None, None),
    "build_tuple": ("build_tuple", [1, 2], "(a, b)", dict(a=1, b=2)),
    "build_list": ("build_list", [1, 2], "[a, b]", dict(a=1, b=2)),
    "build_map": ("build_map", ["a", 2], "{'a': b}", dict(b=2)),
    "unpack_sequence": ("unpack_sequence", [t, 2, ("out", 2)], "b, c = a", dict(a=t)),
    "load_super_attr": ("load_super_attr", [super, Sub, qs, "m", 1, OUT], None, None),
    "str_index": ("str_index", ["abc", 1], None, None),
}


def interpreter(source, env, n):
    body = "; ".join([source] * 10) if not source.startswith("if") else "\n  ".join([source] * 10)
    names = {}
    exec(f"def run(n, {', '.join(env)}):\n for _ in range(n):\n  {body}\ndef empty(n):\n for _ in range(n): pass", names)

    def took(f, *args):
        best = 1e9
        for _ in range(5):
            start = time.perf_counter_ns()
            f(*args)
            best = min(best, time.perf_counter_ns() - start)
        return best

    names["run"](100, *env.values())
    return (took(names["run"], n, *env.values()) - took(names["empty"], n)) / n / 10


def main():
    floor = min(ext.time("type_flag", [1, 1], N) for _ in range(5))
    print(f"overhead of a measured call: {floor:.1f}")
    for label, case in CASES.items():
        if sys.argv[1:] and not any(label.startswith(a) for a in sys.argv[1:]):
            continue
        helper, args, source, env = case
        ns = min(ext.time(helper, list(args), N // 10) for _ in range(60)) - floor
        own = f"{interpreter(source, env, N // 20):7.1f}" if source else "      -"
        print(f"{label:26} {ns:7.1f} {own}")


if __name__ == "__main__":
    main()

"""Attributes, names, globals, cells and super against the interpreter."""
import builtins
import types

import pytest
from helpers_compare import NULL, Noisy, ext, log, no_leak, quiet, same


class Meta(type):
    @property
    def meta_property(cls):
        return "meta"


class Base(Noisy):
    def overridden(self):
        return "base"

    @classmethod
    def cm(cls):
        return cls

    attribute = "base attribute"


class Thing(Base, metaclass=Meta):
    __slots__ = ("slot",)
    cls_attr = Noisy("class attribute")

    def overridden(self):
        return "thing"

    def method(self):
        return self

    @property
    def prop(self):
        log.append("prop")
        raise AttributeError("from prop")

    @prop.setter
    def prop(self, v):
        log.append("set prop")

    @staticmethod
    def sm():
        pass


class Getattr(Noisy):
    def __getattr__(self, n):
        log.append(f"getattr {n}")
        if n == "missing":
            raise AttributeError(n)
        return Noisy("made")

    def __setattr__(self, n, v):
        if n != "name":
            raise RuntimeError("setattr")
        object.__setattr__(self, n, v)

    def __delattr__(self, n):
        log.append("delattr")


class Slots:
    __slots__ = ("a",)


def filled():
    t = Thing("t")
    t.x = Noisy("x")
    t.method_like = len
    return t


OWNERS = {
    "thing": lambda: Thing("t"), "filled": filled, "getattr": lambda: Getattr("g"), "slots": Slots, "int": lambda: 5,
    "class": lambda: Thing, "module": lambda: types, "function": lambda: filled, "none": lambda: None, "str": lambda: "s",
    "method": lambda: Thing("m").method, "list": list, "ns": lambda: types.SimpleNamespace(x=Noisy("ns x")),
}
ATTRS = ["x", "a", "slot", "method", "prop", "cls_attr", "sm", "cm", "missing", "meta_property", "append", "real",
         "__class__", "__dict__", "FunctionType", "method_like", "upper", "__name__"]


def both(r):
    return r[0], r[1][0] is NULL, r[1][0] is not NULL and type(r[1][0])


@pytest.mark.parametrize("attr", ATTRS)
def test_attributes(attr):
    env = {"log": log, "NULL": NULL}
    exec(f"""
def get(L): return L.pop(0).{attr}
def set(L):
    v = [L.pop(0)]
    L.pop(0).{attr} = v.pop()
    return 0
def delete(L):
    del L.pop(0).{attr}
    return 0
def call(L): return L.pop(0).{attr}()
""", env)

    for o, make in OWNERS.items():
        if attr in ("__dict__", "__name__") and o in ("module", "class"):
            continue
        same(env["get"], "get_attr", lambda: [make()], (attr,))
        same(env["delete"], "del_attr", lambda: [make()] if o not in ("class", "module", "function") else [5], (attr,))
        if o not in ("class", "module", "function") and attr != "__dict__":
            same(env["set"], "set_attr", lambda: [Noisy("v") if attr != "__class__" else Slots, make()], (attr,))
        if attr == "__class__":
            continue

        def load(r):
            method, (self,) = r
            args = () if self is NULL else (self,)
            r = None
            return method(*args)

        same(env["call"], "load_method", lambda: [make()], (attr, ("out", 1)), convert=load, logs=False)


def test_load_method_passes_self():
    t = Thing("t")
    method, (self,) = ext.run("load_method", [t, "method", ("out", 1)])
    assert method is Thing.method and self is t
    method, (self,) = ext.run("load_method", [t, "sm", ("out", 1)])
    assert method is Thing.sm and self is NULL


class Child(Thing):
    def via(self, which):
        return which(__class__, self)


def test_super():
    def two(L):
        return getattr(super(L[1], L[2]), "overridden")

    c = Child("c")
    cases = [([super, Thing, c], "overridden"), ([super, Child, c], "cm"), ([super, Child, c], "attribute"),
             ([super, Child, c], "none"), ([super, Child, Child], "overridden"), ([super, Child, 5], "overridden"),
             ([super, 5, c], "overridden")]
    for args, attr in cases:
        def explicit(L):
            L[:] = [None] * 3
            return eval(f"s(cls, self).{attr}", {"s": args[0], "cls": args[1], "self": args[2]})

        same(explicit, "load_super_attr", lambda: list(args), (attr, 2, ("out", 1)), convert=lambda r: r[0])

        def as_method(r):
            method, (self,) = r
            return method if self is NULL else method.__get__(self)

        same(explicit, "load_super_attr", lambda: list(args), (attr, 3, ("out", 1)), convert=as_method)
    fake = lambda *a: types.SimpleNamespace(attr=a)
    assert ext.run("load_super_attr", [fake, Child, c, "attr", 0, 0]) == ()
    assert ext.run("load_super_attr", [fake, Child, c, "attr", 2, 0]) == (Child, c)


class Logged(dict):
    def __getitem__(self, k):
        log.append(f"get {k}")
        if k == "bad":
            raise ArithmeticError(k)
        return dict.__getitem__(self, k)

    def __setitem__(self, k, v):
        log.append(f"set {k}")
        dict.__setitem__(self, k, v)

    def __delitem__(self, k):
        log.append(f"delete {k}")
        dict.__delitem__(self, k)


def in_scope(source, scope, globals_):
    """Runs source as a class body would be, with its locals in `scope`."""
    exec(source, globals_, scope)


SCOPES = [lambda: {"x": 1, "bad": 2}, lambda: Logged(x=1), lambda: Logged(), dict]


def compare_scopes(instruction, helper):
    for make in SCOPES:
        for g in (lambda: {"x": 10, "y": 20}, lambda: {}, lambda: {"__builtins__": Logged(len=7, y=8)},
                  lambda: {"__builtins__": {"x": 3}}):
            results = []
            for run in (instruction, helper):
                scope, globals_ = make(), g()
                log.clear()
                globals_.setdefault("__builtins__", builtins)
                try:
                    in_scope(compile(run, "scope", "exec"), scope, {**globals_, "run": ext.run, "Noisy": Noisy, "args": []})
                    seen = [v for k, v in sorted(scope.items()) if k == "r"] or None
                except Exception as e:
                    seen = type(e), str(e), getattr(e, "name", None)
                results.append((seen, [k for k in scope if k not in ("h",)], [l for l in log if "run" not in l and " r" not in l and "Noisy" not in l]))
            assert results[0] == results[1], (instruction, make(), g())


def test_names():
    for n in ("x", "y", "len", "bad", "absent"):
        compare_scopes(f"run; r = {n}", f"r = run('load_name', ['{n}'])")
        compare_scopes(f"global {n}\nrun; r = {n}", f"r = run('load_global', ['{n}'])")
        compare_scopes(f"run; {n} = 3", f"run('store_name', [3, '{n}'])")
        compare_scopes(f"run; del {n}", f"run('delete_name', ['{n}'])")
        compare_scopes(f"global {n}\nrun; del {n}", f"run('delete_global', ['{n}'])")
        compare_scopes(f"global {n}\nrun; {n} = 4; r = {n}", f"global {n}\nrun('store_global', [4, '{n}']); r = {n}")
        compare_scopes(f"run; {n} = 1; x: int = 1" if n == "x" else "run; y: int", "r0 = run('setup_annotations', []); "
                       "del r0" + ("; x = 1; x = 1; __annotations__['x'] = int" if n == "x" else "; __annotations__['y'] = int"))


def test_globals_of_function():
    assert ext.run("load_global", ["no_leak"]) is no_leak and ext.run("load_global", ["len"]) is len
    with pytest.raises(NameError, match="^name 'nowhere' is not defined$") as e:
        ext.run("load_global", ["nowhere"])
    assert e.value.name == "nowhere"
    for h, args in (("load_name", ["x"]), ("load_locals", []), ("setup_annotations", []), ("delete_name", ["x"]),
                    ("store_name", [1, "x"])):
        with pytest.raises(SystemError, match="^no locals"):
            ext.run(h, args)
    assert ext.run("load_build_class", []) is builtins.__build_class__
    scope = {}
    exec("r = run('load_locals', [])", {"run": ext.run}, scope)
    assert scope["r"] is scope


def test_dict_or():
    assert ext.run("load_from_dict_or_globals", [{"len": 1}, "len"]) == 1
    assert ext.run("load_from_dict_or_globals", [{}, "len"]) is len
    with pytest.raises(NameError):
        ext.run("load_from_dict_or_globals", [{}, "nowhere"])

    def outer():
        cell = 5

        def inner():
            x = cell
            c = (lambda: cell).__closure__[0]
            index = inner.__code__.co_nlocals + len(inner.__code__.co_cellvars)
            index = (*inner.__code__.co_varnames, *inner.__code__.co_cellvars, *inner.__code__.co_freevars).index("cell")
            yield ext.run("load_from_dict_or_deref", [{"cell": 8}, c, index])
            yield ext.run("load_from_dict_or_deref", [{}, c, index])
            yield ext.run("load_from_dict_or_deref", [Noisy("no mapping"), c, index])

        g = inner()
        assert next(g) == 8 and next(g) == 5
        with pytest.raises(TypeError):
            next(g)

    outer()


def test_unbound():
    def outer():
        def inner(a, b):
            c = 1
            if b:
                del c
            try:
                c
            except UnboundLocalError as e:
                yield str(e), e.name
            lambda: free
            for i in range(len(inner.__code__.co_varnames) + len(inner.__code__.co_freevars)):
                try:
                    ext.run("unbound_error", [i])
                except NameError as e:
                    yield type(e), str(e), e.name

        free = 1
        return list(inner(1, 2))

    seen = outer()
    assert seen[0][0] == "cannot access local variable 'c' where it is not associated with a value"
    assert (UnboundLocalError, *seen[0]) in seen[1:]
    assert (NameError, "cannot access free variable 'free' where it is not associated with a value in enclosing scope",
            "free") in seen


def test_leaks():
    def round_():
        for o in OWNERS.values():
            for a in ATTRS:
                quiet(lambda: ext.run("get_attr", [o(), a]))
                quiet(lambda: ext.run("load_method", [o(), a, ("out", 1)]))
        for a in ("slot", "x", "prop"):
            quiet(lambda: ext.run("set_attr", [Noisy("v"), Thing("t"), a]))
            quiet(lambda: ext.run("del_attr", [filled(), a]))
        for a in ("overridden", "nope"):
            for self in (Child("c"), 5):
                quiet(lambda: ext.run("load_super_attr", [super, Child, self, a, 3, ("out", 1)]))
        quiet(lambda: ext.run("load_global", ["nowhere"]))
        quiet(lambda: ext.run("load_from_dict_or_globals", [{}, "nowhere"]))

    no_leak(round_, rounds=20)

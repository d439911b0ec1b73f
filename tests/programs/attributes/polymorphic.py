# One attribute site which meets many classes, slots, properties, modules, dict-less objects and failures.
import math
import types
from probe import steady


class A:
    v = "class A"


class B:
    def __init__(self):
        self.v = "instance B"


class C:
    __slots__ = ("v",)

    def __init__(self):
        self.v = "slot C"


class D:
    @property
    def v(self):
        return "property D"


class E:
    def __getattr__(self, name):
        return f"getattr {name}"


class F:
    def __getattribute__(self, name):
        return f"getattribute {name}"


class G(B):
    pass


class H:
    def v(self):
        return 1


class I:
    @staticmethod
    def v():
        return 1


class J:
    @classmethod
    def v(cls):
        return cls


def get(o):
    return o.v


def put(o):
    o.v = "new"
    return o.v


module = types.ModuleType("module")
module.v = "module"
namespace = types.SimpleNamespace(v="namespace")


def objects():
    return [A(), B(), C(), D(), E(), F(), G(), H(), I(), J(), module, namespace, A, B, 5, None, math, "s", [], types]


def name(r):
    return r if isinstance(r, str) else type(r).__name__


def site(f):
    out = []
    for o in objects():
        try:
            r = name(f(o))
        except AttributeError as error:
            r = str(error)
        out.append(r)
    module.v = "module"
    namespace.v = "namespace"
    if "v" in math.__dict__:
        del math.v
    if "v" in types.__dict__:
        del types.v
    if "v" in B.__dict__:
        del B.v
    A.v = "class A"
    return out


steady(site, get)
steady(site, put)

# inspect and traceback on running programs: stack, signature, getsource, currentframe, getclosurevars.
import inspect
from probe import steady


def caller_name():
    return inspect.stack()[1].function


def who():
    return caller_name()


def f(a, /, b: int, *args, c=3, **kw) -> str:
    "Doc of f."
    return inspect.getargvalues(inspect.currentframe()).locals["c"]


class C:
    def m(self):
        return inspect.currentframe().f_back.f_code.co_name


def signatures():
    return str(inspect.signature(f)), inspect.getdoc(f), inspect.getsource(who), str(inspect.signature(C.m))


def binding():
    b = inspect.signature(f).bind(1, 2, 3, c=4, z=5)
    b.apply_defaults()
    return b.arguments


def closure():
    x = 1

    def g():
        return x, len

    v = inspect.getclosurevars(g)
    return v.nonlocals, sorted(v.builtins)


def frame_info():
    info = inspect.getframeinfo(inspect.currentframe())
    return info.function, info.lineno, info.code_context, info.positions.col_offset


def kinds():
    return [
        inspect.isfunction(f),
        inspect.ismethod(C().m),
        inspect.iscode(f.__code__),
        callable(f),
        f.__code__.co_flags,
    ]


steady(who)
steady(f, 1, 2)
steady(C().m)
for g in (signatures, binding, closure, frame_info, kinds):
    steady(g)

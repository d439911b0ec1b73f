# Weak references and callbacks: the moment they die, in loops, in WeakValueDictionary, finalize.
import gc
import weakref
from probe import steady, mark, deaths


class O:
    def __init__(self, n):
        self.n = n


def callbacks():
    o = O(1)
    r = weakref.ref(o, lambda ref: mark("died"))
    mark(str(r() is o))
    o = O(2)
    mark(str(r()))
    return deaths()


def in_loop(n):
    refs = []
    alive = []
    for i in range(n):
        o = O(i)
        refs.append(weakref.ref(o))
        alive.append([r() is not None for r in refs].count(True))
    return alive


def value_dict():
    d = weakref.WeakValueDictionary()
    out = []
    for i in range(5):
        o = O(i)
        d[i % 2] = o
        out.append(sorted(d))
    del o
    out.append(len(d))
    return out


def temporaries():
    class P(O):
        def ref(self):
            return weakref.ref(self)

    return P(1).ref()() is None


def methods():
    class P(O):
        def m(self):
            return "m"

    p = P(1)
    w = weakref.WeakMethod(p.m)
    first = w()()
    del p
    return first, w() is None


def finalizers():
    o = O(1)
    f = weakref.finalize(o, mark, "finalized")
    del o
    return f.alive, deaths()


def cycle():
    a, b = O(1), O(2)
    a.o, b.o = b, a
    r = weakref.ref(a, lambda _: mark("cycle died"))
    del a, b
    mark(str(r() is not None))
    gc.collect()
    mark(str(r() is None))
    return deaths()


def function_lifetime():
    def f():
        return 1

    for _ in range(20):
        f()
    r = weakref.ref(f, lambda _: mark("function died"))
    c = weakref.ref(f.__code__)
    del f
    mark("after")
    return r() is None, deaths()


def class_lifetime():
    class Q:
        def m(self):
            return 1

    q = Q()
    for _ in range(20):
        q.m()
    r = weakref.ref(Q)
    del Q, q
    gc.collect()
    return r() is None


gc.disable()
for f in (callbacks, value_dict, temporaries, methods, finalizers, cycle, function_lifetime, class_lifetime):
    steady(f)
steady(in_loop, 5)


def of_functions(n):
    def hot(x):
        return x + 1

    for i in range(n):
        hot(i)
    return weakref.getweakrefcount(hot), weakref.getweakrefcount(of_functions)


steady(of_functions, 8)

# PEP 695: generic functions and classes, type aliases, bounds and lazily evaluated annotation scopes.
from probe import steady, show, outcome

Outer = "module level"


def f[T, *Ts, **P](x: T, *args) -> T:
    return x, args, [p.__name__ for p in f.__type_params__]


class C[T: (int, str), U: float]:
    def m[V](self, v: V) -> T:
        return v, [p.__name__ for p in C.__type_params__]

    type Alias = list[T]


type Lazy[X] = dict[X, NotYet]
type Rec = tuple[int, Rec] | None


def local():
    k = 5

    def g[T: k](x: T):
        return x + k

    class D[T]:
        v = k
        type A = (T, k)

        def h[W](self) -> (W, k):
            return __class__.__name__

    return g(1), g.__type_params__[0].__bound__, D.v, D.A.__value__[1], D().h()


steady(f, 1, 2)
steady(C().m, 3)
steady(local)
print(outcome(lambda: Lazy.__value__))
NotYet = int
show(str(Lazy.__value__), str(Rec.__value__), str(C.Alias.__value__), C.__type_params__[0].__constraints__)

# When arguments and temporaries die: at calls, in expressions, in chains of calls, by keyword and by star.
from probe import steady, Loud, mark, deaths


def take(x):
    mark("in")
    return 1


def drop(x):
    del x
    mark("dropped")


def overwrite(x):
    x = 5
    mark("overwritten")
    return x


def temporaries():
    take(Loud("a"))
    mark("after")
    drop(Loud("b"))
    overwrite(Loud("c"))
    mark("end")
    return deaths()


def keywords():
    def f(*args, k=None, **kw):
        mark("f")

    f(Loud("p"), k=Loud("k"), z=Loud("z"))
    f(*[Loud("s1"), Loud("s2")], **{"q": Loud("q")})
    mark("end")
    return deaths()


def expression():
    r = (Loud("x"), Loud("y"))[0].name + [Loud("l")][0].name + {"k": Loud("v")}["k"].name
    mark("r=" + r)
    Loud("dropped")
    mark("1")
    Loud("u") and mark("2")
    Loud("i") is Loud("j")
    mark("3")
    not Loud("n")
    return deaths()


def chained():
    class B(Loud):
        def step(self, n):
            mark(f"step {n}")
            return B(f"b{n}")

    B("b0").step(1).step(2).step(3)
    mark("end")
    return deaths()


def raising_argument():
    try:
        take(Loud("first"), 1 / 0)
    except ZeroDivisionError:
        mark("handler")
    return deaths()


def wrong_call():
    try:
        take(Loud("one"), Loud("two"))
    except TypeError:
        mark("handler")
    mark("after")
    return deaths()


def nested_calls():
    take(take(Loud("inner")) or take(Loud("never")))
    take(x=Loud("kw"))
    return deaths()


def returned():
    def f():
        x = Loud("x")
        y = Loud("y")
        return x

    f()
    mark("dropped")
    z = f()
    mark("kept")
    z = None
    return deaths()


def compared():
    class C(Loud):
        def __lt__(self, o):
            mark("lt")
            return self

        def __bool__(self):
            mark("bool")
            return True

    if C("a") < C("b") < C("c"):
        mark("true")
    return deaths()


for f in (temporaries, keywords, expression, chained, raising_argument, wrong_call, nested_calls, returned, compared):
    steady(f)

# __class__ cells, classes inside functions inside classes, nonlocal in methods, names bound late.
from probe import steady


def make(n):
    count = 0

    class Outer:
        nonlocal_value = n

        def up(self):
            nonlocal count
            count += self.nonlocal_value
            return __class__.__name__, count

        class Inner:
            def up(self):
                nonlocal count
                count *= 2
                return __class__.__qualname__.split(".")[-1], count

            def make_lambda(self):
                return lambda: (__class__.__name__, super(__class__, self).__init__())

    return Outer


def use(n):
    o = make(n)()
    out = [o.up(), o.Inner().up(), o.up(), o.Inner().make_lambda()()[0]]
    return out


def late_class():
    def get():
        return Late().v

    try:
        get()
    except NameError as e:
        text = str(e)

    class Late:
        v = 5

    return text, get()


def in_loop(n):
    classes = []
    for i in range(n):

        class C:
            k = i

            def get(self):
                return self.k, i, __class__ is type(self)

        classes.append(C)
    return [c().get() for c in classes]


def cell_of_class_unset():
    class Meta(type):
        def __new__(mcs, name, bases, ns):
            try:
                ns["f"](None)
            except NameError as e:
                ns["early"] = str(e)
            return super().__new__(mcs, name, bases, ns)

    class C(metaclass=Meta):
        def f(self):
            return __class__

    return C.early, C.f(None) is C


steady(use, 3)
steady(use, 0.5)
for f in (late_class, cell_of_class_unset):
    steady(f)
steady(in_loop, 4)

# While an instruction works on what a local shows, the local is overwritten through f_locals: what it showed dies when the
# instruction lets go of it, and nothing later looks at it.
import sys
from probe import steady, Loud, mark, deaths


def overwrite(name="o"):
    frame = sys._getframe(1)
    while name not in frame.f_code.co_varnames or frame.f_code.co_name in ("overwrite", "hook"):
        frame = frame.f_back
    frame.f_locals[name] = "overwritten"
    mark("over")


class Odd(Loud):
    def hook(self, *args):
        overwrite()
        return self.name

    prop = property(hook)
    __getattr__ = __call__ = __getitem__ = __setitem__ = __delitem__ = __contains__ = hook
    __lt__ = __eq__ = __add__ = __radd__ = __iadd__ = __neg__ = __format__ = __enter__ = hook
    __hash__ = None

    def __exit__(self, *args):
        overwrite()

    def __len__(self):
        overwrite()
        return 3

    def __iter__(self):
        overwrite()
        return iter((1, 2, 3))

    def __bool__(self):
        overwrite()
        return True


class Setting(Loud):
    def __setattr__(self, name, value):
        if name == "x":
            overwrite()
        super().__setattr__(name, value)


class Steps(Loud):
    n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 2:
            overwrite()
        if self.n == 4:
            raise StopIteration
        return self.n


def attribute():
    o = Odd("o")
    return o.prop, o


def missing():
    o = Odd("o")
    return o.missing, o


def called():
    o = Odd("o")
    return o(1), o


def called_with_itself():
    o = Odd("o")
    return o(o), o


def method():
    o = Odd("o")
    return o.hook(1, o), o


def item():
    o = Odd("o")
    return o[0], o


def set_item():
    o = Odd("o")
    o[0] = 1
    return o


def del_item():
    o = Odd("o")
    del o[0]
    return o


def set_attribute():
    o = Setting("o")
    o.x = 1
    return o


def again():
    o = Odd("o")
    o += 1
    return o


def item_again():
    o = Odd("o")
    o[0] += "."
    return o


def compared():
    o = Odd("o")
    return o < 1, o


def contained():
    o = Odd("o")
    return 1 in o, o


def added():
    o = Odd("o")
    return o + o, o


def negated():
    o = Odd("o")
    return -o, o


def formatted():
    o = Odd("o")
    return f"<{o}>", o


def entered():
    o = Odd("o")
    with o as x:
        mark("inside")
    return x, o


def looped():
    o = Steps("o")
    out = []
    for x in o:
        out.append(x)
    return out, o


def iterated():
    o = Odd("o")
    a, b, c = o
    return a, b, c, [*o], o


def tested():
    o = Odd("o")
    return "yes" if o else "no", o


def counted():
    o = Odd("o")
    return len(o), o


def twice():
    o = p = Odd("o")
    o.prop
    return o, p.name


def in_a_list():
    o = Odd("o")
    l = [o, o.prop, o]
    return len(l), l[2]


def destroyed():
    class D:
        def __del__(self):
            overwrite()

    o = Loud("o")
    d = [D()]
    d[0] = o
    mark("stored")
    return o, len(d)


def argument(o):
    o.prop
    mark("after")
    return o


def arguments(o, *rest, **names):
    o.prop
    mark("after")
    return o, rest, names


def calls():
    argument(Odd("a"))
    argument(o=Odd("b"))
    arguments(Odd("c"), Loud("d"), e=Loud("e"))
    x = Odd("f")
    argument(x)
    mark("end")
    return x.name


def run(f):
    result = str(f())
    mark("done")
    return result, deaths()


for f in (attribute, missing, called, called_with_itself, method, item, set_item, del_item, set_attribute, again, item_again,
          compared, contained, added, negated, formatted, entered, looped, iterated, tested, counted, twice, in_a_list,
          destroyed, calls):
    steady(run, f)

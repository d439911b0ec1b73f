# Attributes that live in a dict of the instance's own: classes with __slots__ and __dict__, subclasses of dict, more
# attributes than the shared keys have room for; what the class has of the same name; and attributes of classes.
import enum
import gc


class Mixed:
    __slots__ = ("__dict__", "slot")
    default = "default"

    def method(self):
        return "method"


class Mapping(dict):
    limit = 3


class Many:
    def __init__(self):
        for i in range(40):
            setattr(self, f"a{i}", i)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


def read(o, turn):
    out = []
    for _ in range(turn):
        out.append((o.x, o.default, o.slot, o.method(), o.__class__.__name__))
    return out[-1]


def reading():
    for turn in range(30):
        o = Mixed()
        o.x = turn
        o.slot = -turn
        if turn % 3 == 1:
            o.default = "own"
        if turn % 5 == 4:
            o.method = lambda: "own method"
        print(read(o, 4))


def write(o, n):
    for i in range(n):
        o.first = i
        o.second = [i]
        o.third = o.second
        if i % 7 == 3:
            del o.second
    return list(vars(o).items())


def writing():
    for make in (Mixed, Mapping, Many):
        for _ in range(12):
            o = make()
            print(make.__name__, write(o, 9)[-3:])
    # in another order, into a dict of its own, into another instance's dict, into a subclass of dict
    o = Mixed()
    o.third = o.zeroth = 0
    print(write(o, 9))
    o.__dict__ = {"own": 1}
    print(write(o, 9))
    p = Mixed()
    p.__dict__ = o.__dict__
    print(write(p, 3), o.first, o.__dict__ is p.__dict__)
    p.__dict__ = Mapping(first=5)
    print(write(p, 3), p.first)
    # keys that are no strings: the dict is another kind
    vars(o)[7] = "seven"
    print(write(o, 9), read_first(o))


def read_first(o):
    t = 0
    for _ in range(8):
        t += o.first
    return t


def deleting():
    def look(o):
        out = []
        for _ in range(4):
            try:
                out.append(o.x)
            except AttributeError as e:
                out.append(str(e))
        return out

    for kind in (Mixed, Mapping, Many):
        for turn in range(20):
            o = kind()
            if turn % 4:
                o.x = turn
            if turn % 4 == 2:
                del o.x
            if turn == 15:
                kind.x = "of the class"
            print(kind.__name__, look(o))
        del kind.x
        print(kind.__name__, look(kind()))


class Quiet:
    """No descriptor, until it becomes one."""


def descriptors_come():
    class Owner:
        __slots__ = ("__dict__",)

    class Inline:
        pass

    for owner in (Owner, Inline):
        quiet = type("Quiet", (), {})
        owner.x = quiet()
        plain, own = owner(), owner()
        own.x = "own"

        def look(n):
            out = []
            for _ in range(n):
                for o in (plain, own):
                    found = o.x
                    out.append(type(found).__name__ if not isinstance(found, str) else found)
            return out[-2:]

        def store(n):
            for i in range(n):
                own.x = f"stored {i}"
            return vars(own)["x"]

        print(look(20), store(20), look(2))
        quiet.__get__ = lambda self, o, t: "got"
        print(look(20), store(20), look(2))
        quiet.__set__ = lambda self, o, v: log.append(v)
        log = []
        print(look(20), store(3), look(2), log)
        del quiet.__set__, quiet.__get__
        print(look(20), store(20), look(2))
        # the descriptor's type is exchanged, not changed
        owner.x.__class__ = type("Loud", (), {"__get__": lambda *a: "loud", "__set__": lambda s, o, v: log.append(v)})
        print(look(20), store(2), log[-1])


def of_classes():
    class Meta(type):
        pass

    class A(metaclass=Meta):
        value = 1

    class B(A):
        pass

    def look(n):
        out = None
        for _ in range(n):
            out = (A.value, B.value, Colour.RED.name, Colour.BLUE is Colour.RED, A.__class__ is Meta)
        return out

    print(look(20))
    A.value = 2
    print(look(20))
    B.value = 3
    print(look(20))
    Meta.value = property(lambda cls: "of the metaclass")
    print(look(20))
    del Meta.value
    print(look(20))
    kind = type("Kind", (), {})
    A.value = kind()
    print([type(v).__name__ for v in look(20)[:1]])
    kind.__get__ = lambda self, o, t: ("got", o, t.__name__)
    print(look(20)[:1])


def classes_told():
    class Liar:
        __slots__ = ("__dict__",)

        @property
        def __class__(self):
            return int

    class Told:
        pass

    def look(o):
        out = set()
        for _ in range(5):
            out.add(o.__class__.__name__)
        return sorted(out)

    for o in [Told(), Liar(), Mixed(), 5, "s", Told(), Told] * 3:
        print(look(o), end=" ")
    t = Told()
    t.__class__ = Mixed2
    print(look(t))


class Mixed2:
    pass


def deaths():
    class Dies:
        def __init__(self, o):
            self.o = o

        def __del__(self):
            print("died", self.o.__dict__.get("x"), sorted(self.o.__dict__))

    def store(o, values):
        for v in values:
            o.x = v
            o.y = v

    for turn in range(6):
        o = Mixed()
        store(o, [1, Dies(o), 2, Dies(o), 3])
        print("end", turn)
    # a dict becomes the collector's when something that it must know is stored
    o = Mixed()
    o.x = 1
    store(o, [1, 2, 3])
    before = gc.is_tracked(o.__dict__)
    store(o, [o])
    print(before, gc.is_tracked(o.__dict__))


reading()
writing()
deleting()
descriptors_come()
of_classes()
classes_told()
deaths()

# What may stand in an except clause: tuples, nested tuples, classes changed at run time, wrong things.
from probe import steady


class A(Exception):
    pass


class B(A):
    pass


class Meta(type):
    def __subclasscheck__(cls, other):
        return True

    def __instancecheck__(cls, other):
        return True


class Greedy(Exception, metaclass=Meta):
    pass


def catch(error, spec):
    try:
        raise error
    except spec as e:
        return "caught", type(e).__name__


def dynamic():
    out = []
    for error in (A(), B(), KeyError()):
        for spec in (A, B, (A, B), (KeyError, B), (), LookupError):
            try:
                out.append(catch(error, spec))
            except Exception as e:
                out.append(type(e).__name__)
    return out


def spec_evaluated_late():
    log = []

    def spec(x):
        log.append(x)
        return x

    try:
        raise KeyError
    except spec(ValueError):
        pass
    except spec(LookupError):
        log.append("hit")
    except spec(Exception):
        pass
    return [x if isinstance(x, str) else x.__name__ for x in log]


def spec_raises():
    try:
        raise KeyError(1)
    except undefined_name:
        pass


def deletes_name():
    e = "before"
    try:
        raise KeyError
    except KeyError as e:
        e = "assigned"
    try:
        return e
    except UnboundLocalError as u:
        return str(u)


def deletes_it_itself():
    try:
        raise KeyError
    except KeyError as e:
        del e
    return "fine"


steady(dynamic)
steady(catch, A(), Greedy)
steady(catch, A(), 5)
steady(catch, A(), (A, 5))
steady(catch, A(), ("x", A))
steady(catch, A(), ((A,),))
steady(catch, A(), int)
for f in (spec_evaluated_late, spec_raises, deletes_name, deletes_it_itself):
    steady(f)

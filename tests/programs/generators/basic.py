# Generators: next, send, throw, close, return values, loops inside, state seen from outside.
import inspect
from probe import steady, outcome, mark, deaths


def count(n):
    i = 0
    while i < n:
        got = yield i
        if got is not None:
            i = got
        i += 1
    return "done"


def guarded():
    try:
        yield 1
        yield 2
    except ValueError as e:
        yield f"caught {e}"
    except GeneratorExit:
        mark("exit")
        raise
    finally:
        mark("finally")


def drain(g):
    out = []
    while True:
        try:
            out.append(next(g))
        except StopIteration as e:
            return out, e.value


def sends():
    g = count(10)
    out = [next(g), g.send(5), next(g), g.send(None)]
    return out, drain(g)


def throws():
    g = guarded()
    out = [next(g), g.throw(ValueError("v"))]
    return out, drain(g), deaths()


def throw_unstarted():
    g = guarded()
    try:
        g.throw(KeyError("k"))
    except KeyError as e:
        return str(e), drain(g), deaths()


def closes():
    g = guarded()
    next(g)
    g.close()
    g.close()
    return drain(g), deaths()


def ignores_exit():
    def bad():
        try:
            yield 1
        except GeneratorExit:
            yield 2

    g = bad()
    next(g)
    try:
        g.close()
    except RuntimeError as e:
        return str(e)


def states():
    g = count(2)
    out = [inspect.getgeneratorstate(g)]
    next(g)
    out += [
        inspect.getgeneratorstate(g),
        dict(inspect.getgeneratorlocals(g)),
        g.gi_frame.f_lineno,
        g.gi_yieldfrom,
        g.gi_running,
    ]
    list(g)
    out += [inspect.getgeneratorstate(g), g.gi_frame]
    return out


def reentrant():
    def f():
        yield next(g)

    g = f()
    return next(g)


def send_unstarted():
    return count(3).send(1)


def close_value():
    def f():
        try:
            yield 1
        except GeneratorExit:
            return "closed value"

    g = f()
    next(g)
    return g.close()


for f in (sends, throws, throw_unstarted, closes, ignores_exit, states, reentrant, send_unstarted, close_value):
    steady(f)
steady(lambda: drain(count(5)))
print(outcome(lambda: count(1).throw(5)), outcome(lambda: count(1).throw(ValueError)))

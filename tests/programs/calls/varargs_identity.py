# The tuple and dict which *args and **kwargs become are new and the callee's own.
from probe import steady, show


def collect(*args, **kw):
    kw["added"] = len(args)
    args += (9,)
    return args, kw


def call():
    base = {"a": 1}
    args = (1, 2)
    got = collect(*args, **base)
    return got, base, args


def empty(*args, **kw):
    return args is (), kw


def keep(store, *args, **kw):
    store.append((args, kw))


def fill():
    store = []
    for i in range(5):
        keep(store, i, i + 1, k=i)
    return store, len({id(s[1]) for s in store})


steady(call)
steady(fill)
show(empty()[1])

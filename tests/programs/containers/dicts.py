# Dict reads, writes, deletes, views, order, merging; keys of mixed types and of one's own class.
from probe import steady, outcome, show, mark, deaths


class Key:
    def __init__(self, k):
        self.k = k

    def __hash__(self):
        mark(f"h{self.k}")
        return 1

    def __eq__(self, o):
        mark(f"e{self.k}")
        return self.k == getattr(o, "k", None)


class Missing(dict):
    def __missing__(self, k):
        return ("missing", k)


def ops():
    d = {"a": 1, "b": 2}
    d["c"] = 3
    d["a"] += 10
    del d["b"]
    d["b"] = 4
    return (
        d,
        list(d),
        list(d.values()),
        list(d.items()),
        d.get("zz"),
        d.get("zz", 5),
        d.setdefault("q", 6),
        d.pop("q"),
        d.pop("q", 7),
        "a" in d,
        "zz" not in d,
        len(d),
        d | {"a": 0},
        {**d, "a": 9, **{"n": 1}},
        d == {"c": 3, "a": 11, "b": 4},
        list(reversed(d)),
        d.popitem(),
    )


def mixed_keys():
    d = {
        1: "int",
        1.5: "float",
        "s": "str",
        (1, 2): "tuple",
        None: "none",
        2**70: "big",
        True: "bool replaces 1",
        b"b": 0,
    }
    return [d[k] for k in (1, 1.0, True, 1.5, "s", (1, 2), None, 2**70, b"b")], list(d)[0]


def own_keys():
    d = {Key(1): "a", Key(2): "b"}
    r = d[Key(2)], Key(3) in d
    return r, deaths()


def counting(text):
    d = {}
    for c in text:
        if c in d:
            d[c] += 1
        else:
            d[c] = 1
    best = max(d, key=d.get)
    return d, best


def grow_shrink(n):
    d = {}
    for i in range(n):
        d[i] = str(i)
        if i % 3 == 0:
            del d[i // 2 if i // 2 in d else i]
    return len(d), sum(d), list(d)[:3]


def nested(n):
    d = {}
    for i in range(n):
        d.setdefault(i % 3, {}).setdefault(i % 2, []).append(i)
    return d


def views():
    d = {"a": 1, "b": 2}
    k, v, it = d.keys(), d.values(), d.items()
    d["c"] = 3
    return (
        list(k),
        list(v),
        list(it),
        k & {"a", "z"},
        k | ["q"] == {"a", "b", "c", "q"},
        ("a", 1) in it,
        isinstance(k, type({}.keys())),
    )


def unhashable(k):
    return {k: 1}


def kinds(d):
    out = []
    for k in ("x", "nope", 1):
        try:
            out.append(d[k])
        except Exception as e:
            out.append(repr(e))
    return out


from collections import ChainMap, Counter, OrderedDict, defaultdict
from types import MappingProxyType

for f in (ops, mixed_keys, own_keys, views):
    steady(f)
steady(counting, "mississippi")
steady(grow_shrink, 60)
steady(nested, 12)
for k in ([], {}, set(), ([],)):
    steady(unhashable, k)
for d in (
    {"x": 1},
    Missing(x=2),
    defaultdict(list),
    OrderedDict(x=3),
    ChainMap({"x": 4}),
    Counter("xx"),
    MappingProxyType({"x": 5}),
    [1, 2],
    "ab",
):
    steady(kinds, d)
print(
    outcome(lambda: {}["k"]),
    outcome(lambda: {}.pop("k")),
    outcome(lambda: {}.popitem()),
    outcome(lambda: {**5}),
    outcome(lambda: {} | 5),
    outcome(dict, 5),
    outcome(dict, [(1,)]),
)

# Module constants, class constants and builtins which look foldable and then change, once or often.
from probe import steady

LIMIT = 10
DEBUG = False
NAMES = ("a", "b")
CONFIG = {"on": True}


class Settings:
    scale = 3
    table = [1, 2, 3]


def uses_limit(n):
    return [i for i in range(n) if i < LIMIT]


def uses_debug(n):
    out = []
    for i in range(n):
        if DEBUG:
            out.append(i)
    return out


def uses_class(n):
    return sum(Settings.scale * i for i in range(n)), [Settings.table[i % len(Settings.table)] for i in range(n)]


def uses_names(n):
    return [NAMES[i % len(NAMES)] for i in range(n)], CONFIG["on"]


def all_uses():
    return uses_limit(14), uses_debug(5), uses_class(6), uses_names(5)


steady(all_uses)
LIMIT = 3
steady(all_uses)
DEBUG = True
steady(all_uses)
Settings.scale = 0.5
Settings.table.append(99)
steady(all_uses)
NAMES = ["x"]
CONFIG["on"] = None
steady(all_uses)
for turn in range(30):
    LIMIT = turn
    if turn % 10 == 0:
        print(uses_limit(12))
Settings.table = (0,)
DEBUG = []
steady(all_uses)
del LIMIT
steady(all_uses)
LIMIT = 2**70
steady(all_uses)

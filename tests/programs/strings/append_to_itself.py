# s += s: the string that grows in place is the one that is read.
from probe import steady


def doubled(s, n):
    for i in range(n):
        s += s
    return len(s), s[:5], s[-5:], hash(s) == hash(s[:1] + s[1:])


def alias(s, n):
    for i in range(n):
        t = s
        s += t
        t += s
        s = t + "."
    return len(s), s[:5], s[-5:]


def one_side(s, n):
    out = []
    for i in range(n):
        s += "x" * i
        s = s + s
        s += s
        out.append(len(s))
    return out, s[-3:], s.count("x")


for text in ("key", "é", "日本", "a", ""):
    steady(doubled, text * 2, 12)
    steady(doubled, text, 1)
    steady(alias, text, 7)
    steady(one_side, text, 7)

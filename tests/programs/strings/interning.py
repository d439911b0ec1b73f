# Identity of strings: constants, characters, interned, computed; dictionary keys computed at run time.
import sys
from probe import steady


def chars(s):
    return [c is s[i] for i, c in enumerate(s)], "a" is "abc"[0:1]


def consts():
    a = "constant"
    b = "constant"
    c = "".join(["con", "stant"])
    return a is b, a is c, a == c, sys.intern(c) is a, {"constant": 1}[c]


def attribute_names(n):
    class O:
        pass

    o = O()
    for i in range(n):
        setattr(o, "at" + "tr", i)
    return o.attr, getattr(o, "".join(["at", "tr"])), list(o.__dict__)[0] is sys.intern("attr")


def ascii_results():
    return ("A".lower() is "a", "ab"[1] is "b", chr(97) is "a", str(5)[0] is "5", "xay".strip("xy") is "a")


def str_of_str(s):
    return (
        str(s) is s,
        f"{s}" is s,
        "".join([s]) is s,
        s.replace("zz", "") is s,
        s[:] is s,
        s + "" is s,
        "" + s is s,
        s * 1 is s,
    )


steady(chars, "abcé")
steady(consts)
steady(attribute_names, 20)
steady(ascii_results)
steady(str_of_str, "longer text")

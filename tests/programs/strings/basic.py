# String operators, methods, indexing and comparison in loops; non-ASCII of each width.
from probe import steady, outcome, show

TEXTS = ["", "a", "abc", "é", "日本", "😀x", "a\0b", "A b C"]


def ops(s, t):
    return (
        s + t,
        s * 2,
        s == t,
        s < t,
        s in t,
        s[:1],
        s[-1:],
        len(s),
        s.upper(),
        s.replace("a", t),
        s.split(),
        s.join("xy"),
        s.find(t),
        s or "none",
    )


def reverse(s):
    out = ""
    for c in s:
        out = c + out
    return out


def count(s):
    n = {}
    for c in s:
        n[c] = n.get(c, 0) + 1
    return n


def caesar(s, k):
    out = []
    for c in s:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + k) % 26 + 97))
        elif c.isupper():
            out.append(chr((ord(c) - 65 + k) % 26 + 65))
        else:
            out.append(c)
    return "".join(out)


def index_all(s):
    return [s[i] for i in range(len(s))], [s[-i - 1] for i in range(len(s))]


def append_loop(n):
    s = ""
    t = "x"
    kept = []
    for i in range(n):
        s += t
        s += str(i)
        if i % 5 == 0:
            kept.append(s)
            t = s[-2:]
    return s, kept


def palindromes(n):
    out = []
    for i in range(n):
        s = str(i)
        if s == s[::-1] and len(s) > 1:
            out.append(i)
    return out


for s in TEXTS:
    for t in TEXTS:
        show(outcome(ops, s, t))
steady(reverse, "añ日😀")
steady(count, "hello wörld")
steady(caesar, "Hello, World", 3)
steady(index_all, "aé日😀")
steady(append_loop, 30)
steady(palindromes, 400)
print(
    outcome(lambda: "a" + 1),
    outcome(lambda: 1 + "a"),
    outcome(lambda: "a" * 1.5),
    outcome(lambda: "abc"[5]),
    outcome(lambda: "a" < 1),
    outcome(lambda: 1 in "a"),
)

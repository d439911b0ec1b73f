# Dictionaries of strings: counting, grouping, inverting, sorting.
from probe import steady

TEXT = "the cat sat on the mat and the dog sat on the log while a cat and a dog ran in the fog " * 5


def count(text):
    n = {}
    for w in text.split():
        n[w] = n.get(w, 0) + 1
    return sorted(n.items(), key=lambda t: (-t[1], t[0]))[:5]


def group(text):
    g = {}
    for w in text.split():
        g.setdefault(len(w), set()).add(w[0])
    return {k: sorted(v) for k, v in sorted(g.items())}


def invert(text):
    index = {}
    for line, chunk in enumerate(text.split("and")):
        for w in chunk.split():
            places = index.setdefault(w, [])
            if not places or places[-1] != line:
                places.append(line)
    return [(w, p[:4]) for w, p in sorted(index.items())][:6]


def anagrams(words):
    d = {}
    for w in words:
        d.setdefault("".join(sorted(w)), []).append(w)
    return [v for v in d.values() if len(v) > 1]


def bigrams(text):
    words = text.split()
    d = {}
    for a, b in zip(words, words[1:]):
        d[a, b] = d.get((a, b), 0) + 1
    return max(d.items(), key=lambda kv: (kv[1], kv[0]))


for f in (count, group, invert, bigrams):
    steady(f, TEXT)
steady(anagrams, ["tar", "rat", "art", "dog", "god", "cat"])

"""Dictionaries and text: count words, index them, group anagrams, sort by several keys."""

N = 80

SYLLABLES = ["ka", "lo", "mi", "ren", "tu", "sha", "vo", "el", "an", "dri"]


def make_text(size):
    words = []
    seed = 99
    for _ in range(size):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        length = 1 + seed // 65536 % 3
        word = ""
        for k in range(length):
            word += SYLLABLES[seed // (97 + 61 * k) % 10]
        words.append(word.capitalize() if seed % 7 == 0 else word)
    return " ".join(w + ("." if i % 11 == 10 else ",") if i % 5 == 4 else w for i, w in enumerate(words))


def clean(text):
    for mark in ".,;:!?":
        text = text.replace(mark, " ")
    return text.lower().split()


def count(words):
    counts = {}
    for word in words:
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts


def index(words):
    places = {}
    for position, word in enumerate(words):
        places.setdefault(word, []).append(position)
    return places


def anagrams(words):
    groups = {}
    for word in set(words):
        groups.setdefault("".join(sorted(word)), set()).add(word)
    return {key: sorted(group) for key, group in groups.items() if len(group) > 1}


def bigrams(words):
    pairs = {}
    last = None
    for word in words:
        if last is not None:
            pairs[last, word] = pairs.get((last, word), 0) + 1
        last = word
    return pairs


def is_palindrome(word):
    low, high = 0, len(word) - 1
    while low < high:
        if word[low] != word[high]:
            return False
        low += 1
        high -= 1
    return True


def caesar(text, shift):
    out = []
    for c in text:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + shift) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def run(n):
    text = make_text(1500)
    result = None
    for _ in range(n):
        words = clean(text)
        counts = count(words)
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        places = index(words)
        groups = anagrams(words)
        pairs = bigrams(words)
        top = max(pairs.items(), key=lambda pair: (pair[1], pair[0]))
        round_trip = caesar(caesar(text.lower(), 5), 21) == text.lower()
        palindromes = sum(map(is_palindrome, words))
        result = (ranked[:3], len(places), len(groups), top, round_trip, palindromes)
    return result

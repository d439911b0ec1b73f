# Bit readers, Huffman trees and string building.
from probe import steady


class Bits:
    def __init__(self, data):
        self.data, self.pos, self.bits, self.field = data, 0, 0, 0

    def need(self, n):
        while self.bits < n:
            self.field |= self.data[self.pos] << self.bits
            self.pos += 1
            self.bits += 8

    def read(self, n):
        self.need(n)
        r = self.field & ((1 << n) - 1)
        self.field >>= n
        self.bits -= n
        return r


def tree(freq):
    nodes = sorted((n, i, c) for i, (c, n) in enumerate(sorted(freq.items())))
    order = len(nodes)
    while len(nodes) > 1:
        a, b = nodes[0], nodes[1]
        nodes = sorted(nodes[2:] + [(a[0] + b[0], order, (a, b))], key=lambda t: t[:2])
        order += 1
    codes = {}

    def walk(node, prefix):
        if isinstance(node[2], tuple):
            walk(node[2][0], prefix + "0")
            walk(node[2][1], prefix + "1")
        else:
            codes[node[2]] = prefix or "0"

    walk(nodes[0], "")
    return codes


def round_trip(text):
    freq = {}
    for c in text:
        freq[c] = freq.get(c, 0) + 1
    codes = tree(freq)
    bits = "".join(codes[c] for c in text)
    data = bytearray()
    for i in range(0, len(bits), 8):
        data.append(int(bits[i : i + 8][::-1].rjust(8, "0"), 2))
    reader = Bits(bytes(data) + b"\0")
    back = {v: k for k, v in codes.items()}
    out, word = [], ""
    while len(out) < len(text):
        word += str(reader.read(1))
        if word in back:
            out.append(back[word])
            word = ""
    return "".join(out) == text, len(data), codes[text[0]]


steady(round_trip, "the quick brown fox jumps over the lazy dog " * 4)
print(round_trip("abracadabra" * 300))

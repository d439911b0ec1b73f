"""Decompress deflate in plain Python: a bit reader, Huffman tables, a sliding window."""

import zlib

N = 90

LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]  # fmt: skip
LENGTH_EXTRA = [0] * 8 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4 + [0]
DISTANCE_BASE = [1, 2, 3, 4]
DISTANCE_EXTRA = [0, 0, 0, 0]
for _extra in range(1, 14):
    for _ in range(2):
        DISTANCE_BASE.append(DISTANCE_BASE[-1] + (1 << DISTANCE_EXTRA[-1]))
        DISTANCE_EXTRA.append(_extra)
ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]


class BitReader:
    def __init__(self, data):
        self.data = data
        self.position = 0
        self.bits = 0
        self.count = 0

    def need(self, n):
        while self.count < n:
            self.bits |= self.data[self.position] << self.count
            self.position += 1
            self.count += 8

    def read(self, n):
        if n == 0:
            return 0
        self.need(n)
        value = self.bits & ((1 << n) - 1)
        self.bits >>= n
        self.count -= n
        return value

    def align(self):
        drop = self.count & 7
        self.bits >>= drop
        self.count -= drop


class Huffman:
    """Codes by (length, value), looked up a bit at a time."""

    def __init__(self, lengths):
        counts = [0] * 16
        for length in lengths:
            counts[length] += 1
        counts[0] = 0
        code = 0
        first = [0] * 16
        for bits in range(1, 16):
            code = (code + counts[bits - 1]) << 1
            first[bits] = code
        self.table = {}
        for symbol, length in enumerate(lengths):
            if length:
                self.table[length, first[length]] = symbol
                first[length] += 1

    def decode(self, reader):
        code = length = 0
        table = self.table
        while True:
            code = code << 1 | reader.read(1)
            length += 1
            symbol = table.get((length, code))
            if symbol is not None:
                return symbol
            if length > 15:
                raise ValueError("not a code")


FIXED = (Huffman([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8), Huffman([5] * 30))


def read_tables(reader):
    literals = reader.read(5) + 257
    distances = reader.read(5) + 1
    lengths = [0] * 19
    for i in range(reader.read(4) + 4):
        lengths[ORDER[i]] = reader.read(3)
    code = Huffman(lengths)
    lengths = []
    while len(lengths) < literals + distances:
        symbol = code.decode(reader)
        if symbol < 16:
            lengths.append(symbol)
        elif symbol == 16:
            lengths += [lengths[-1]] * (reader.read(2) + 3)
        elif symbol == 17:
            lengths += [0] * (reader.read(3) + 3)
        else:
            lengths += [0] * (reader.read(7) + 11)
    return Huffman(lengths[:literals]), Huffman(lengths[literals:])


def inflate(data):
    reader = BitReader(data)
    out = bytearray()
    final = False
    while not final:
        final = reader.read(1)
        kind = reader.read(2)
        if kind == 0:
            reader.align()
            size = reader.read(16)
            reader.read(16)
            for _ in range(size):
                out.append(reader.read(8))
            continue
        literal, distance = FIXED if kind == 1 else read_tables(reader)
        while True:
            symbol = literal.decode(reader)
            if symbol < 256:
                out.append(symbol)
            elif symbol == 256:
                break
            else:
                symbol -= 257
                length = LENGTH_BASE[symbol] + reader.read(LENGTH_EXTRA[symbol])
                symbol = distance.decode(reader)
                back = DISTANCE_BASE[symbol] + reader.read(DISTANCE_EXTRA[symbol])
                for _ in range(length):
                    out.append(out[-back])
    return bytes(out)


def run(n):
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    text = " ".join(words[i * i % 6] + str(i * 7 % 97) for i in range(800)).encode()
    total = 0
    for level in (1, 6, 9):
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        packed = packer.compress(text) + packer.flush()
        for _ in range(n // 3):
            assert inflate(packed) == text
            total += len(packed)
    return total

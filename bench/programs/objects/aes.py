"""AES-128 in counter mode in plain Python: tables, byte lists, shifts and xors."""

N = 5000


def multiply(a, b):
    result = 0
    while b:
        if b & 1:
            result ^= a
        a <<= 1
        if a & 0x100:
            a ^= 0x11B
        b >>= 1
    return result


def make_boxes():
    inverse = [0] * 256
    for a in range(1, 256):
        if not inverse[a]:
            for b in range(1, 256):
                if multiply(a, b) == 1:
                    inverse[a], inverse[b] = b, a
                    break
    box = []
    for a in range(256):
        value = inverse[a]
        result = 0x63
        for shift in range(5):
            result ^= (value << shift | value >> (8 - shift)) & 0xFF
        box.append(result)
    return box


SBOX = make_boxes()
BY2 = [multiply(a, 2) for a in range(256)]
BY3 = [multiply(a, 3) for a in range(256)]
SHIFT = [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11]


class Cipher:
    def __init__(self, key):
        words = [list(key[i : i + 4]) for i in range(0, 16, 4)]
        constant = 1
        for i in range(4, 44):
            word = list(words[-1])
            if i % 4 == 0:
                word = [SBOX[b] for b in word[1:] + word[:1]]
                word[0] ^= constant
                constant = BY2[constant]
            words.append([a ^ b for a, b in zip(words[-4], word)])
        self.rounds = [sum(words[i : i + 4], []) for i in range(0, 44, 4)]

    def encrypt(self, block):
        state = [a ^ b for a, b in zip(block, self.rounds[0])]
        for key in self.rounds[1:-1]:
            state = [SBOX[state[i]] for i in SHIFT]
            mixed = []
            for i in range(0, 16, 4):
                a, b, c, d = state[i : i + 4]
                mixed.append(BY2[a] ^ BY3[b] ^ c ^ d)
                mixed.append(a ^ BY2[b] ^ BY3[c] ^ d)
                mixed.append(a ^ b ^ BY2[c] ^ BY3[d])
                mixed.append(BY3[a] ^ b ^ c ^ BY2[d])
            state = [a ^ b for a, b in zip(mixed, key)]
        return bytes([SBOX[state[i]] ^ k for i, k in zip(SHIFT, self.rounds[-1])])


def counter_mode(cipher, data, nonce):
    out = bytearray()
    for index in range(0, len(data), 16):
        counter = nonce + (index // 16).to_bytes(8, "big")
        stream = cipher.encrypt(counter)
        for a, b in zip(data[index : index + 16], stream):
            out.append(a ^ b)
    return bytes(out)


def run(n):
    cipher = Cipher(bytes(range(16)))
    vector = cipher.encrypt(bytes.fromhex("00112233445566778899aabbccddeeff")).hex()
    assert vector == "69c4e0d86a7b0430d8cdb78070b4c55a"
    text = bytes(i * 7 & 0xFF for i in range(16 * n))
    hidden = counter_mode(cipher, text, b"nonce123")
    assert counter_mode(cipher, hidden, b"nonce123") == text
    return sum(hidden), hidden[:8].hex()

# Byte tables, shifts and masks: a hash, a stream cipher and a block of AES-like mixing.
from probe import steady


def md(data):
    a, b, c, d = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476
    for i, byte in enumerate(data):
        f = (b & c) | (~b & d) & 0xFFFFFFFF
        a, d, c, b = (
            d,
            c,
            b,
            (b + (((a + f + byte + i) & 0xFFFFFFFF) << 7 | ((a + f + byte + i) & 0xFFFFFFFF) >> 25)) & 0xFFFFFFFF,
        )
    return f"{a:08x}{b:08x}{c:08x}{d:08x}"


def rc4(key, data):
    s = list(range(256))
    j = 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    out = bytearray()
    for c in data:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        out.append(c ^ s[(s[i] + s[j]) & 255])
    return out.hex()[:40]


def xtime(a):
    return ((a << 1) ^ 0x1B) & 0xFF if a & 0x80 else a << 1


def mix(state, rounds):
    for _ in range(rounds):
        for c in range(4):
            col = state[4 * c : 4 * c + 4]
            t = col[0] ^ col[1] ^ col[2] ^ col[3]
            for r in range(4):
                state[4 * c + r] ^= t ^ xtime(col[r] ^ col[(r + 1) & 3])
        state = [state[(5 * i) % 16] for i in range(16)]
    return state


def mul(a, b):
    r = 0
    while b:
        if b & 1:
            r ^= a
        a = xtime(a)
        b >>= 1
    return r


steady(md, bytes(range(200)))
steady(rc4, b"key", b"plain text " * 20)
steady(mix, list(range(16)), 10)
steady(lambda: [mul(a, b) for a in range(0, 256, 37) for b in (2, 3, 9, 255)])
print(md(b"x" * 20000), rc4(b"k", bytes(20000))[:10])

# bytes, bytearray, memoryview and array in loops: indexing, stores, limits, errors.
from array import array
from probe import steady, outcome


def checksum(data):
    a, b = 1, 0
    for c in data:
        a = (a + c) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def indexed(data):
    total = 0
    for i in range(len(data)):
        total = total * 31 + data[i] & 0xFFFFFFFF
    return total


def store(buf, n):
    for i in range(len(buf)):
        buf[i] = (i * n) & 0x7F
    return bytes(buf) if not isinstance(buf, array) else buf.tolist()


def put(buf, i, v):
    buf[i] = v
    return list(buf)


def arrays():
    f = array("d", [1.5] * 10)
    n = array("q", range(10))
    for i in range(10):
        f[i] = f[i] * n[i] + f[i - 1]
        n[i] += 1
    return f.tolist(), n.tolist()


data = bytes(range(256)) * 3
for x in (data, bytearray(data), memoryview(data), array("B", data), list(data)):
    steady(checksum, x)
    steady(indexed, x)
for x in (bytearray(20), array("i", [0] * 20), memoryview(bytearray(20)), [0] * 5):
    steady(store, x, 3)
steady(arrays)
print(
    outcome(put, bytearray(3), 0, 256),
    outcome(put, bytearray(3), 5, 1),
    outcome(put, bytearray(3), 0, "a"),
    outcome(put, b"abc", 0, 1),
)
print(
    outcome(put, array("b", [1]), 0, 200),
    outcome(put, array("i", [1]), 0, 1.5),
    outcome(put, memoryview(b"abc"), 0, 1),
    outcome(put, array("d", [1]), 0, 1),
)

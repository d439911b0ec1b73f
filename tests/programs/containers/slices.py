# Slices of lists, strings, tuples, ranges, bytes: reading, storing, deleting, odd steps; BINARY_SLICE and STORE_SLICE.
from probe import steady, outcome, show


def two(x, a, b):
    return x[a:b]


def three(x, a, b, c):
    return x[a:b:c]


def store(x, a, b, v):
    x[a:b] = v
    return x


def store3(x, a, b, c, v):
    x[a:b:c] = v
    return x


def delete(x, a, b):
    del x[a:b]
    return x


POINTS = [None, 0, 1, 3, 5, 9, -1, -2, -9, 2**70, -(2**70), True]
for a in POINTS:
    for b in POINTS:
        print(
            two("abcde", a, b),
            two([1, 2, 3, 4, 5], a, b),
            two((1, 2, 3), a, b),
            two(range(0, 50, 5), a, b),
            two(b"abcde", a, b),
            store([1, 2, 3, 4, 5], a, b, "xy"),
            delete([1, 2, 3, 4, 5], a, b),
        )
        for c in (1, 2, -1, -3):
            print(three("abcdefg", a, b, c), three([1, 2, 3, 4, 5, 6], a, b, c), end=" ")
    print()
print(outcome(three, "abc", 0, 2, 0), outcome(two, "abc", "x", 1), outcome(two, {}, 1, 2), outcome(two, 5, 1, 2))
print(
    outcome(store, (1,), 0, 1, "a"),
    outcome(store, [1], 0, 1, 5),
    outcome(store3, [1, 2, 3], 0, 3, 2, [9]),
    outcome(store3, [1, 2, 3], 0, 3, 2, "ab"),
)


class S:
    def __getitem__(self, k):
        return ("get", k.start, k.stop, k.step) if isinstance(k, slice) else k

    def __setitem__(self, k, v):
        self.last = ("set", k, v)

    def __delitem__(self, k):
        self.last = ("del", k)


def custom(s):
    out = [s[1:2], s[:], s[::3], s[1:2, ...], s["a":"b"]]
    s[1:2] = 3
    out.append(s.last)
    del s[::2]
    out.append(s.last)
    s[:] += (0,)
    out.append(s.last)
    return out


def identity():
    t, s, l = (1, 2), "ab", [1, 2]
    return t[:] is t, s[:] is s, l[:] is l, t[0:2] is t


def rotate(n):
    l = list(range(10))
    for i in range(n):
        k = i % 10
        l = l[k:] + l[:k]
        l[2:4] = l[3:1:-1]
        l[::2] = l[::2][::-1]
    return l


steady(custom, S())
steady(identity)
steady(rotate, 30)

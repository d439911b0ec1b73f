# faulthandler, which reads frames without any help of the interpreter, in the middle of hot code.
import faulthandler
import tempfile

out = tempfile.TemporaryFile("w+")


def dump(k):
    faulthandler.dump_traceback(out, all_threads=False)
    return k


def inner(n):
    total = 0
    for i in range(n):
        total += dump(i) if i == n - 1 else i
    return total


class C:
    def method(self, n):
        return inner(n) + 1


def outer(n):
    try:
        return C().method(n)
    finally:
        dump(0)


for turn in range(12):
    out.seek(0)
    out.truncate()
    outer(5)
    out.seek(0)
    text = out.read().replace(__file__, "FILE")
    if turn in (0, 5, 11):
        print(text)

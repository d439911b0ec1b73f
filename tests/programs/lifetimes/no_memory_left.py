# Compiling, and leaving compiled code, when the address space has come to its end: what needs memory may fail, nothing else.
import resource

SOURCE = """
def f{0}(n):
    t = 0
    for i in range(n):
        t += i * {0}
        if t > 1000000: t -= 1000000
    return t
"""


def fill(kept):
    for size in (1 << 20, 1 << 14, 1 << 9, 100, 40):
        try:
            while True:
                kept.append(bytearray(size))
        except MemoryError:
            pass


def use():
    for f in functions:
        for _ in range(20):
            f(300)
        f(10_000)


space = {}
for k in range(100):
    exec(SOURCE.format(k), space)
functions = [space[f"f{k}"] for k in range(100)]
kept = [None] * 1_000_000
kept.clear()
before = resource.getrlimit(resource.RLIMIT_AS)
with open("/proc/self/statm") as file:
    size = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + (48 << 20), before[1]))
fill(kept)
try:
    use()
except MemoryError:
    pass
kept.clear()
resource.setrlimit(resource.RLIMIT_AS, before)
use()
print("survived", functions[7](1000))

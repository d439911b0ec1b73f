# tracemalloc switched on around hot code: the lines to which the allocations are charged.
import tracemalloc

kept = []


def allocate(n):
    for i in range(n):
        kept.append([i] * 10)
        kept.append({"k": i})


def outer(n):
    allocate(n)
    kept.append(bytearray(1000))


for _ in range(12):
    outer(3)
    kept.clear()
tracemalloc.start(4)
outer(50)
snapshot = tracemalloc.take_snapshot()
tracemalloc.stop()
for stat in snapshot.filter_traces([tracemalloc.Filter(True, __file__)]).statistics("traceback"):
    lines = [f.lineno for f in stat.traceback if f.filename == __file__]
    if stat.size > 900:
        print(sorted(lines)[:1], stat.count > 0)
kept.clear()
for _ in range(12):
    outer(3)
print(len(kept))

# Threads which run the same hot functions at once; results must not depend on switching.
import sys
import threading

sys.setswitchinterval(1e-5)


def work(n, seed):
    x = seed
    total = 0
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        total += x % 7
        if i % 1000 == 0:
            total = total + 0.5
    return total


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.n = 0

    def add(self, k):
        for _ in range(k):
            with self.lock:
                self.n += 1


results = {}


def run(seed):
    results[seed] = [work(3000, seed + i) for i in range(4)]


threads = [threading.Thread(target=run, args=(s,)) for s in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results.items()))
counter = Counter()
threads = [threading.Thread(target=counter.add, args=(2000,)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter.n)

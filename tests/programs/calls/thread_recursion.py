# Recursion in threads with a small C stack.
import sys
import threading

sys.setrecursionlimit(60_000)


def deep(n):
    return 0 if n == 0 else deep(n - 1) + 1


results = {}


def work(size, depth):
    results[size, depth] = deep(depth)


for _ in range(12):
    deep(3)
for size in (256 * 1024, 1024 * 1024):
    for depth in (10, 1000, 50_000):
        threading.stack_size(size)
        thread = threading.Thread(target=work, args=(size, depth))
        thread.start()
        thread.join()
print(results)

# Threads take turns between the instructions where the interpreter lets them, and nowhere else: counters stay exact.
import collections
import sys
import threading

sys.setswitchinterval(1e-5)
N = 40000
plain, counter, default = {"k": 0}, collections.Counter(), collections.defaultdict(int)
numbers, owner = [0], type("Owner", (), {"n": 0})()
total = 0


def count():
    global total
    for i in range(N):
        plain["k"] += 1
        counter["k"] += 1
        default["k"] += 1
        numbers[0] += 1
        owner.n += 1
        total += 1


text = f"for i in range({N}):\n    g += 1\n    m['k'] += 1\n"
shared = {"g": 0, "m": {"k": 0}, "__builtins__": __builtins__}
code = compile(text, "shared", "exec")
threads = [threading.Thread(target=count) for _ in range(3)] + [
    threading.Thread(target=exec, args=(code, shared)) for _ in range(3)
]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(plain, dict(counter), dict(default), numbers, owner.n, total)
print(shared["g"], shared["m"])

# fork in the middle of hot code: the child goes on computing, compiles, and exits cleanly; no warning.
import os
import sys
import warnings

warnings.simplefilter("error")


def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


def forked(k):
    r, w = os.pipe()
    total = 0
    for i in range(40):
        total += work(50)
        if i == 20:
            pid = os.fork()
            if pid == 0:
                fresh = {}
                exec("def f(n):\n    t = 0.0\n    for i in range(n):\n        t += i / 2\n    return t\n", fresh)
                answer = [fresh["f"](1000) for _ in range(20)][-1]
                os.write(w, f"{total} {work(2000)} {answer} {k}".encode())
                os._exit(0)
    os.close(w)
    with os.fdopen(r) as pipe:
        text = pipe.read()
    _, status = os.waitpid(pid, 0)
    return total, text, status


for k in range(5):
    print(forked(k))


def exits_by_exception():
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        sys.exit(5)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


print(exits_by_exception())

# Hooks of others, written in Python, run between fork and CPython's look for threads: no warning, in the parent or later.
import logging
import os
import random
import warnings

warnings.simplefilter("error")
calls = []


def busy(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


def hook():
    calls.append(busy(2000))


os.register_at_fork(before=hook, after_in_parent=hook, after_in_child=hook)
logging.getLogger("x")
print(busy(300000))
for turn in range(12):
    pid = os.fork()
    if pid == 0:
        inner = os.fork() if turn % 4 == 0 else None
        if inner == 0:
            os._exit(busy(100) % 50)
        if inner is not None:
            assert os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) == busy(100) % 50
        os._exit(busy(20000) % 100)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == busy(20000) % 100, busy(20000 + turn))
print(len(calls), set(calls), 0 <= random.random() < 1)

# Daemon threads still running hot loops when the interpreter ends.
import threading
import time


def spin(started):
    n = 0
    started.set()
    while True:
        n += 1
        if n % 1000 == 0:
            n = n // 2


def spin_calls(started):
    def f(x):
        return x + 1

    started.set()
    while True:
        f(1)


for target in (spin, spin_calls):
    event = threading.Event()
    threading.Thread(target=target, args=(event,), daemon=True).start()
    event.wait()
time.sleep(0.05)
print("leaving")

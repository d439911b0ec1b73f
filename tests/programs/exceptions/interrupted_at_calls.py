# A signal raised by the running code itself: where KeyboardInterrupt arrives, and what the handlers see.
import signal
from probe import steady, trail


def poke():
    signal.raise_signal(signal.SIGINT)


def loop(n):
    done = []
    try:
        for i in range(n):
            done.append(i)
            if i == 3:
                signal.raise_signal(signal.SIGINT)
            done.append(-i)
    except KeyboardInterrupt as e:
        return done, trail(e)[0].split("@")[0]


def in_callee(n):
    x = 0
    try:
        for i in range(n):
            x += 1
            if i == n - 2:
                poke()
    except KeyboardInterrupt as e:
        return x, len(trail(e)) > 0
    finally:
        x = None


def handler(number, frame):
    frames = []
    while frame is not None and frame.f_code.co_name != "steady":
        frames.append(frame.f_code.co_name)
        frame = frame.f_back
    seen.append((number, frames[-2:]))


def counted(n):
    seen.clear()
    signal.signal(signal.SIGUSR1, handler)
    for i in range(n):
        if i % 4 == 0:
            signal.raise_signal(signal.SIGUSR1)
    return len(seen), seen[0]


seen = []
signal.signal(signal.SIGINT, signal.default_int_handler)
steady(loop, 6)
steady(in_callee, 6)
steady(counted, 9)

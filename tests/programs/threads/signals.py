# Signals served inside hot loops: handlers which raise, count, change globals and read frames.
import signal
import sys


class Alarm(Exception):
    pass


def handler(number, frame):
    raise Alarm(frame.f_code.co_name)


def endless():
    n = 0
    while True:
        n += 1


def endless_calls():
    def f(x):
        return x

    while True:
        f(1)


def endless_for():
    from itertools import repeat

    for x in repeat(1):
        y = x + 1.5


def endless_try():
    while True:
        try:
            while True:
                {}["k"]
        except KeyError:
            continue


def endless_list():
    l = [0]
    for x in l:
        l.append(x)
        del l[0]
        l.append(x)
        if len(l) > 3:
            del l[1:]


def interrupted(function):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        function()
        return "returned"
    except Alarm as e:
        return "alarm", str(e) in (function.__name__, "f")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def comprehension():
    return [x for x in iter(int, 1)]


flag = False


def set_flag(number, frame):
    global flag
    flag = True


def until_flag():
    global flag
    flag = False
    signal.signal(signal.SIGUSR1, set_flag)
    n = 0
    import os

    os.kill(os.getpid(), signal.SIGUSR1)
    while not flag:
        n += 1
    return flag


def write_local(number, frame):
    while frame.f_code.co_name != "until_local":
        frame = frame.f_back
    frame.f_locals["done"] = True


def until_local():
    signal.signal(signal.SIGALRM, write_local)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    done = False
    n = 0
    while not done:
        n += 1
    return n > 0


for _ in range(4):
    for f in (endless, endless_calls, endless_for, endless_try):
        print(f.__name__, interrupted(f))
    print(until_flag(), until_local())


def keyboard():
    signal.signal(signal.SIGALRM, lambda *a: signal.raise_signal(signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    total = 0
    try:
        while True:
            total += 1
    except KeyboardInterrupt:
        return "interrupted"


print(keyboard(), keyboard())
print(sys.exception())

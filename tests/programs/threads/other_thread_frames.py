# sys._current_frames and f_locals of another thread's running loop; asynchronous exceptions.
import ctypes
import sys
import threading
import time

sys.setswitchinterval(1e-4)


def loop(box):
    marker = "in loop"
    n = 0
    while not box:
        n += 1
    return n


def watch():
    box = []
    t = threading.Thread(target=loop, args=(box,))
    t.start()
    seen = []
    while len(seen) < 3:
        frame = sys._current_frames().get(t.ident)
        if frame is not None and frame.f_code.co_name == "loop":
            local = frame.f_locals
            if "n" in local:
                seen.append((frame.f_code.co_name, local["marker"], type(local["n"]).__name__))
        time.sleep(0.001)
    box.append(1)
    t.join()
    return seen


class Stop(Exception):
    pass


def endless(out):
    try:
        n = 0
        while True:
            n += 1
    except Stop:
        out.append("stopped")


def asynchronous():
    out = []
    t = threading.Thread(target=endless, args=(out,))
    t.start()
    time.sleep(0.01)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(t.ident), ctypes.py_object(Stop))
    t.join(20)
    return out, t.is_alive()


for _ in range(3):
    print(watch())
    print(asynchronous())

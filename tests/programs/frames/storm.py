# At every call one event of a fixed pseudo-random order: a global rebound, a class changed, a caller's local written,
# tracing or monitoring switched, a collection, another thread: and the results must be those of the interpreter.
import gc
import sys
import threading
from probe import steady

mon = sys.monitoring
mon.use_tool_id(4, "storm")
events = []
mon.register_callback(
    4, mon.events.PY_START, lambda code, offset: events.append(code.co_name) if code.co_filename == __file__ else None
)
mon.register_callback(
    4, mon.events.LINE, lambda code, line: events.append(line - code.co_firstlineno) if code.co_name == "loop" else None
)
step = 1
state = 1


class Box:
    k = 1

    def get(self):
        return self.k


def double(x):
    return x * 2


def treble(x):
    return x * 3


helper = double


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("loop", "double", "treble"):
        events.append(f"{event[0]}{frame.f_lineno - frame.f_code.co_firstlineno}")
    return tracer


def storm():
    global state, step, helper
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    n = (state >> 16) % 14
    if n == 0:
        step = step + 1 if step < 3 else 0.5
    elif n == 1:
        helper = treble if helper is double else double
    elif n == 2:
        Box.k = Box.k + 1
    elif n == 3:
        Box.get = (lambda self: -self.k) if state % 2 else (lambda self: self.k)
    elif n == 4:
        sys._getframe(1).f_locals["total"] += 100
    elif n == 5:
        sys._getframe(1).f_locals["extra"] = 2.5
    elif n == 6:
        sys.settrace(tracer)
    elif n == 7:
        sys.settrace(None)
    elif n == 8:
        mon.set_events(4, mon.events.PY_START)
    elif n == 9:
        mon.set_local_events(4, loop.__code__, mon.events.LINE)
    elif n == 10:
        mon.set_events(4, 0)
        mon.set_local_events(4, loop.__code__, 0)
    elif n == 11:
        gc.collect(0)
    elif n == 12:
        t = threading.Thread(target=double, args=(1,))
        t.start()
        t.join()
    else:
        sys._getframe(1).f_trace = tracer
    return n


def loop(n):
    total = 0
    extra = 1
    box = Box()
    seen = []
    for i in range(n):
        total += step * i
        seen.append(storm())
        total += helper(i) + box.get() * extra
        if i % 3 == 0:
            extra = 1
    return total, seen[-3:]


def reset(seed):
    global state, step, helper
    state, step, helper = seed, 1, double
    Box.k, Box.get = 1, first
    events.clear()


def run(seed):
    reset(seed)
    try:
        r = loop(25)
    finally:
        sys.settrace(None)
        mon.set_events(4, 0)
        mon.set_local_events(4, loop.__code__, 0)
    return r, len(events), hash(tuple(map(str, events))), events[:5], events[-5:]


first = Box.get
for seed in range(40):
    print(seed, run(seed * 7919 + 3))
steady(run, 12345)

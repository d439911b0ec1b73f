"""Tracing begins inside a call that compiled code makes: the next line is told of, wherever the call was."""

import signal
import sys

events = []


def trace(frame, event, arg):
    if frame.f_code.co_name.startswith("user"):
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


def begin(frame):
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


armed = False


class Dies:
    def __del__(self):
        if armed:
            begin(sys._getframe(1))


class Sets:
    def __setattr__(self, name, value):
        if armed:
            begin(sys._getframe(1))

    def __setitem__(self, key, value):
        if armed:
            begin(sys._getframe(1))

    def __delitem__(self, key):
        if armed:
            begin(sys._getframe(1))

    def __enter__(self):
        return self

    def __exit__(self, *args):
        if armed:
            begin(sys._getframe(1))


def user_dies(n):
    x = Dies()
    y = n
    x = n
    y = x + 1
    return y


def user_dies_loop(n):
    total = 0
    for i in range(6):
        x = Dies()
        total += i
        x = None
        total += 1
        total += 2
    return total


def user_attribute(n):
    s = Sets()
    s.a = n
    n += 1
    return n


def user_item(n):
    s = Sets()
    for i in range(4):
        n += 1
        s[n] = i
    del s[n]
    return n


def user_with(n):
    with Sets():
        n += 1
    n += 2
    return n


def user_last(n):
    x = Dies()
    for i in range(3): x = i
    return n


def user_signal(n):
    if armed:
        signal.raise_signal(signal.SIGUSR1)
    n += 1
    return n


def user_raises(n):
    s = Sets()
    try:
        s.a = n
        raise ValueError
    except ValueError:
        n += 1
    return n


signal.signal(signal.SIGUSR1, lambda number, frame: begin(frame))


def run(f):
    global armed
    armed = False
    for i in range(400):
        f(i)
    armed = True
    result = f(400)
    sys.settrace(None)
    armed = False
    print(f.__name__, result, events)
    events.clear()
    f(401)


for f in (user_dies, user_dies_loop, user_attribute, user_item, user_with, user_last, user_signal, user_raises):
    run(f)


# The trace function raises, or makes the frame go on elsewhere.
class Stop(Exception):
    pass


def stop(frame, event, arg):
    if frame.f_code.co_name.startswith("user") and event == "line":
        raise Stop(frame.f_lineno - frame.f_code.co_firstlineno)
    return stop


def jump(frame, event, arg):
    if frame.f_code.co_name.startswith("user") and event == "line":
        sys.settrace(None)
        frame.f_trace = None
        frame.f_lineno += 1
    return jump


def user_stops(n):
    s = Sets()
    try:
        s.a = n
        n += 1
        n += 10
    except Stop as e:
        return str(e), e.__traceback__.tb_lineno - user_stops.__code__.co_firstlineno
    return n


def user_stops_out(n):
    s = Sets()
    s.a = n
    n += 1
    n += 10
    return n


def user_stops_loop(n):
    s = Sets()
    for i in range(300):
        if i > 280:
            s.a = n
        n += 1
        n += 10
    return n


for chosen in (stop, jump):
    trace = chosen
    for f in (user_stops, user_stops_out, user_stops_loop):
        armed = False
        for i in range(400):
            f(i)
        armed = True
        try:
            print(f.__name__, f(400))
        except Stop as e:
            tb = e.__traceback__.tb_next
            print(f.__name__, e, tb.tb_lineno - f.__code__.co_firstlineno)
        sys.settrace(None)
        armed = False
        f(401)


# Tools of sys.monitoring, for everything and for one code object.
mon = sys.monitoring


def begin(frame):
    mon.use_tool_id(3, "lines")
    mon.register_callback(3, mon.events.LINE, told)
    if locally:
        mon.set_local_events(3, frame.f_code, mon.events.LINE)
    else:
        mon.set_events(3, mon.events.LINE)


def told(code, line):
    if code.co_name.startswith("user"):
        events.append(line - code.co_firstlineno)


def end(code):
    mon.set_local_events(3, code, 0)
    mon.set_events(3, 0)
    mon.free_tool_id(3)


for locally in (False, True):
    for f in (user_dies, user_attribute, user_with, user_signal, user_raises):
        armed = False
        for i in range(400):
            f(i)
        armed = True
        result = f(400)
        end(f.__code__)
        armed = False
        print(f.__name__, result, events)
        events.clear()
        f(401)


# At the end of a loop that was entered while it ran, in lines of their own and in one.
def user_loops():
    global armed
    for i in range(1200):
        armed = i > 1190
        x = Dies()
    for i in range(1200): armed = i > 1190; x = Dies()
    i = 0
    while i < 1200: i += 1; armed = i > 1190; x = Dies()
    x = None


def begin(frame):
    frame.f_trace = trace
    sys.settrace(trace)


def trace(frame, event, arg):
    if frame.f_code.co_name.startswith("user"):
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        if len(events) % 5 == 0:
            sys.settrace(None)
    return trace


user_loops()
sys.settrace(None)
print(events)

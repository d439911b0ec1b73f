# sys.settrace switched on and off in the middle of running functions; the log of events.
import sys
from probe import steady

log = []


def tracer(frame, event, arg):
    if frame.f_code.co_filename == __file__ and frame.f_code.co_name not in ("stop", "tracer"):
        log.append(f"{frame.f_code.co_name}:{event}:{frame.f_lineno - frame.f_code.co_firstlineno}")
    return tracer


def start():
    sys.settrace(tracer)


def stop():
    sys.settrace(None)


def callee(x):
    y = x + 1
    return y


def from_the_middle(n):
    total = 0
    for i in range(n):
        if i == 3:
            start()
        total += callee(i)
        if i == 5:
            stop()
    return total, taken()


def taken():
    found = list(log)
    log.clear()
    return found


def with_exception(n):
    start()
    out = []
    for i in range(n):
        try:
            out.append(1 // (i - 1))
        except ZeroDivisionError:
            out.append("zero")
    stop()
    return out, taken()


def own_frame(n):
    total = 0
    for i in range(n):
        if i == 4:
            sys._getframe().f_trace = tracer
            sys.settrace(tracer)
        total += i
        if i == 6:
            sys._getframe().f_trace = None
            sys.settrace(None)
    return total, taken()


def opcodes(n):
    def op(frame, event, arg):
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            log.append(frame.f_lasti)
        return op

    callee(1)
    sys.settrace(op)
    callee(n)
    sys.settrace(None)
    return taken()


def generator_traced():
    def g():
        yield 1
        yield 2

    start()
    r = list(g())
    stop()
    return r, taken()


def set_by_callee(n):
    total = 0
    for i in range(n):
        toggle(i)
        total += callee(i)
    return total, taken()


def toggle(i):
    sys.settrace(tracer if i % 4 == 1 else None)


def jumps():
    def jumper(frame, event, arg):
        if event == "line" and frame.f_code.co_name == "target" and frame.f_lineno == frame.f_code.co_firstlineno + 2:
            frame.f_lineno = frame.f_code.co_firstlineno + 4
        return jumper

    def target():
        x = 1
        x = 2
        x += 10
        return x

    target()
    sys.settrace(jumper)
    r = target()
    sys.settrace(None)
    return r, target()


steady(from_the_middle, 8)
steady(with_exception, 3)
steady(own_frame, 8)
steady(opcodes, 2)
steady(generator_traced)
steady(set_by_callee, 8)
steady(jumps)


def raising_tracer(frame, event, arg):
    if frame.f_code.co_name == "callee" and event == "line":
        raise KeyError("from tracer")
    return raising_tracer


def traced_error():
    sys.settrace(raising_tracer)
    try:
        callee(1)
    except KeyError as e:
        return str(e), sys.gettrace()


steady(traced_error)

# tb_frame, f_locals in tracebacks, with_traceback, StackSummary with locals, clearing frames.
import sys
import traceback
from probe import steady


def inner(a):
    b = a * 2
    c = [b]
    return b / 0


def outer(x):
    y = x + 1
    return inner(y)


def frames():
    try:
        outer(1)
    except ZeroDivisionError as e:
        tb = e.__traceback__
        out = []
        while tb:
            out.append(
                (
                    tb.tb_frame.f_code.co_name,
                    tb.tb_lineno,
                    tb.tb_frame.f_lineno,
                    {k: v for k, v in tb.tb_frame.f_locals.items() if k != "e" and k != "tb" and k != "out"},
                )
            )
            tb = tb.tb_next
        return out


def summary():
    try:
        outer(2)
    except ZeroDivisionError as e:
        s = traceback.StackSummary.extract(traceback.walk_tb(e.__traceback__), capture_locals=True)
        return [(f.name, f.lineno, f.colno, f.end_colno, f.line, f.locals if f.name != "summary" else None) for f in s]


def replaced():
    try:
        outer(3)
    except ZeroDivisionError as e:
        short = e.__traceback__.tb_next
        e2 = e.with_traceback(short)
        try:
            raise e2
        except ZeroDivisionError as again:
            return traceback.extract_tb(again.__traceback__).format()[0].split(", ")[1:2], len(
                traceback.extract_tb(again.__traceback__)
            )


def cleared():
    try:
        outer(4)
    except ZeroDivisionError as e:
        traceback.clear_frames(e.__traceback__.tb_next)
        return e.__traceback__.tb_next.tb_frame.f_locals, e.__traceback__.tb_next.tb_next.tb_frame.f_locals


def kept():
    try:
        outer(5)
    except ZeroDivisionError as e:
        return e


def stack():
    return [(f.name, f.lineno) for f in traceback.extract_stack()][-2:]


def calls_stack(n):
    return stack() if n == 0 else calls_stack(n - 1)


for f in (frames, summary, replaced, cleared):
    steady(f)
e = kept()
print(e.__traceback__.tb_next.tb_frame.f_locals, sys.exc_info())
steady(calls_stack, 3)

# Frames of a suspended greenlet: their locals, read and written, belong to no thread's chain of frames.
import sys
from probe import steady

try:
    import greenlet
except ImportError:
    print("no greenlet")
    sys.exit()


def walk(frame):
    out = []
    while frame and frame.f_code.co_name == "down":
        out.append((frame.f_lineno - frame.f_code.co_firstlineno, sorted(frame.f_locals.items())))
        frame = frame.f_back
    return out


def down(k):
    local = k * 2.5
    if k:
        return down(k - 1) + local
    return greenlet.getcurrent().parent.switch(local) + local


def read(n):
    g = greenlet.greenlet(down)
    g.switch(n)
    seen = walk(g.gr_frame)
    return seen, g.switch(5)


def write(n):
    g = greenlet.greenlet(down)
    g.switch(n)
    g.gr_frame.f_back.f_locals["local"] = 1000
    return g.switch(5), walk(g.gr_frame)


def unread(n):
    many = [greenlet.greenlet(down) for _ in range(3)]
    for g in many:
        g.switch(n)
    del g
    seen = walk(many[1].gr_frame)
    return seen, [g.switch(1) for g in reversed(many)]


steady(read, 3)
steady(write, 3)
steady(unread, 4)

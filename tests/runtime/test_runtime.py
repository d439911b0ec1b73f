"""The runtime around compiled code: entry, exits, frames, loops, threads, signals, fork, recursion.

Each program runs in processes of its own, in modes that compile everything at once, after a few calls, through loops
only, and in the background; what it prints must be what the plain interpreter prints.
"""

import pytest

from harness import compare_program, program_command, run

MODES = ["compile-all", "warm:2", "osr:2", "normal", "warm:3,deopt:7", "compile-all,deopt:3"]

PROGRAMS = {}


def program(function):
    """Takes a function's docstring as the text of a program."""
    PROGRAMS[function.__name__] = function.__doc__
    return function


@program
def frame_locals_read_and_write():
    """
import sys
def look():
    f = sys._getframe(1)
    out.append((f.f_lineno, sorted((k, v) for k, v in f.f_locals.items() if isinstance(v, (int, float, str)))))
def poke(name, value):
    sys._getframe(1).f_locals[name] = value
def f(a, b):
    c = a * 2.5
    look()
    poke("a", 70)
    d = a + b
    for i in range(3):
        look()
        poke("d", d + 100)
    return a, b, c, d
out = []
for i in range(12):
    out.clear()
    r = f(i, i + 1)
print(r, out)
"""


@program
def destruction_times():
    """
import sys
log = []
class D:
    def __init__(self, name): self.name = name
    def __del__(self):
        f = sys._getframe(1)
        log.append((self.name, f.f_code.co_name, f.f_lineno))
def over(x):
    x = None
    log.append("after")
    return 1
def keep(x, y=2):
    log.append(y)
    return y
def keyword(*, x, **rest):
    x = rest = None
    log.append("after")
def star(*args):
    args = ()
    log.append("after")
for i in range(6):
    over(D("a")); keep(D("b")); keep(D("c"), 3); keyword(x=D("d"), z=D("e")); star(D("f"), D("g"))
    list(map(over, [D("h")]))
    d = D("i"); over(d); del d
print(log)
"""


@program
def reference_counts():
    """
import sys
def count(x): return sys.getrefcount(x)
def through(x): return count(x)
class C:
    def m(self): return sys.getrefcount(self)
o = object(); c = C()
for i in range(8): r = (count(o), through(o), count(object()), c.m(), count(x=o), [count(k) for k in [o]])
print(r)
"""


@program
def exceptions_and_handlers():
    """
import traceback
def inner(i):
    if i % 3 == 0: raise ValueError(i)
    return [1, 2][i % 3]
def outer(i):
    try:
        return inner(i)
    except ValueError as e:
        return ("value", e.args, e.__traceback__.tb_lineno, e.__traceback__.tb_next.tb_lineno)
    except IndexError:
        raise KeyError("wrapped")
    finally:
        seen.append(i)
seen = []
def loop(n):
    total = 0
    for i in range(n):
        try:
            total += inner(i)
        except ValueError:
            total += 100
        except IndexError:
            total += 1000
    return total
for k in range(8):
    r = []
    for i in range(9):
        try: r.append(outer(i))
        except KeyError as e: r.append((repr(e), repr(e.__context__)))
print(r, len(seen), loop(50))
def uncaught(n):
    for i in range(n):
        if i == n - 1:
            int("x")
for k in range(6):
    try: uncaught(40)
    except ValueError: text = traceback.format_exc()
print(text)
"""


@program
def handler_covers_only_the_loop_head():
    """
def f(n):
    got = []
    for i in range(n):
        try:
            while i < 3:
                i += 1
                if i == 2:
                    break
            else:
                got.append("else")
        except ZeroDivisionError:
            got.append("wrong")
        if i == n - 1:
            1 / 0
    return got
for k in range(5):
    try: f(20)
    except ZeroDivisionError as e: print(e, e.__traceback__.tb_next.tb_lineno)
"""


@program
def held_frames():
    """
import sys
def hold(): held.append(sys._getframe(1))
def f(a):
    b = a + 1
    hold()
    c = b * 2
    return c
held = []
for i in range(8): f(i)
print([(h.f_locals, h.f_lineno, h.f_back.f_code.co_name) for h in held])
def g(n):
    s = 0
    for i in range(n):
        s += i
        if i == 30: hold()
    return s
held.clear(); g(40); g(60)
print([(h.f_locals["s"], h.f_locals["i"]) for h in held])
"""


@program
def recursion():
    """
import sys, threading
def down(n): return 0 if n == 0 else 1 + down(n - 1)
def by_sort(n): return 0 if n <= 0 else 1 + sorted([n - 1], key=by_sort)[0]
for i in range(5): print(down(400))
for f in (down, by_sort):
    try: f(10 ** 6)
    except RecursionError as e: print(str(e)[:32])
sys.setrecursionlimit(60000)
print(down(50000))
threading.stack_size(256 * 1024)
out = []
t = threading.Thread(target=lambda: out.append(down(12000)))
t.start(); t.join(); print(out)
"""


@program
def signals():
    """
import signal
class Alarm(Exception): pass
def handler(signum, frame): raise Alarm
signal.signal(signal.SIGALRM, handler)
def helper(x): return x + 1
def spin():
    x = 0
    while True: x = helper(x)
def tight():
    x = 0
    while True: x += 1
for f in (spin, tight) * 4:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try: f()
    except Alarm: print("alarm", f.__name__)
import _thread
def at_once():
    try:
        _thread.interrupt_main(signal.SIGALRM)
        return "late"
    except Alarm:
        return "at the call"
print([at_once() for i in range(8)])
"""


@program
def tracing_begins_and_ends():
    """
import sys
events = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("f", "g"): events.append((frame.f_code.co_name, event, frame.f_lineno))
    return tracer
def g(on):
    if on: sys.settrace(tracer); sys._getframe(1).f_trace = tracer
    return 1
def f(on):
    a = g(on)
    b = a + 1
    return b
for i in range(6): f(False)
f(True); sys.settrace(None)
print(events)
events.clear()
for i in range(3): f(False)
print(events)
mon = sys.monitoring
mon.use_tool_id(1, "t")
mon.register_callback(1, mon.events.LINE, lambda code, line: events.append(line))
mon.set_local_events(1, f.__code__, mon.events.LINE)
f(False)
mon.set_local_events(1, f.__code__, 0)
f(False)
print(events)
"""


@program
def fork_and_threads():
    """
import os, threading, warnings
warnings.simplefilter("error")
def work(n):
    s = 0
    for i in range(n): s += i % 7
    return s
print(work(20000))
for i in range(5):
    pid = os.fork()
    if pid == 0: os._exit(work(3000) % 100)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == work(3000) % 100)
out = []
threads = [threading.Thread(target=lambda: out.append(work(30000))) for i in range(6)]
for t in threads: t.start()
for t in threads: t.join()
print(out)
"""


@program
def functions_change():
    """
def f(a, b=1): return a + b
def g(a, b=1): return a * b
def call(n): return [f(i) for i in range(n)]
for i in range(6): r = call(4)
f.__defaults__ = (10,)
print(r, call(4))
f.__code__ = g.__code__
print(call(4))
def make(k):
    def inner(x): return x + k
    return inner
print([make(k)(1) for k in range(20)])
f = lambda a: -a
print(call(3))
"""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_same_as_interpreted(name: str, mode: str, tmp_path) -> None:
    path = tmp_path / f"{name}.py"
    path.write_text(PROGRAMS[name])
    different = compare_program(path, [mode])
    assert not different, different.get(mode)


def test_the_worker_goes_on_after_a_fork(tmp_path) -> None:
    """In the parent and in the child, also where hooks in Python have served pending calls."""
    path = tmp_path / "app.py"
    path.write_text(
        """
import os, time, overdrive
os.register_at_fork(after_in_parent=lambda: sum(range(1000)), after_in_child=lambda: sum(range(1000)))
def workers():
    names = [open(f"/proc/self/task/{t}/comm").read().strip() for t in os.listdir("/proc/self/task")]
    return names.count("overdrive")
def settled(wanted):
    end = time.time() + 5
    while workers() != wanted and time.time() < end: time.sleep(0.01)
    return workers() == wanted
print(settled(1))
pid = os.fork()
if pid == 0: os._exit(not settled(1))
print(settled(1), os.waitpid(pid, 0)[1])
"""
    )
    done = run(program_command(path), "normal")
    assert (done.stdout, done.stderr) == (b"True\nTrue 0\n", b"")


def test_code_that_comes_and_goes_leaves_nothing(tmp_path) -> None:
    """Programs may make code objects for ever, as templates and eval do."""
    path = tmp_path / "app.py"
    path.write_text(
        """
import marshal
text = "def f(x): return x + 1" + chr(10) + "def g(n): return sum(f(i) for i in range(n)) + f(n)"
blob = marshal.dumps(compile(text, "made", "exec"))
def once():
    names = {}
    exec(marshal.loads(blob), names)
    return names["g"](3)
def memory():
    for i in range(10000): once()
    return int(open("/proc/self/statm").read().split()[1]) * 4
memory()
before = memory()
for i in range(3): after = memory()
print(after - before < 4000 or after - before)
"""
    )
    done = run(program_command(path), "normal")
    assert (done.stdout, done.stderr) == (b"True\n", b"")

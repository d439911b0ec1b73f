# How generators and coroutines begin: arguments of every kind, cells, errors of binding, what a fresh one shows, tracing.
import asyncio, sys
def wrapf(k):
    def g(a, b=2, *c, d=4, **e):
        x = a
        def inner(): return x, k
        yield a, b, c, d, sorted(e.items()), inner()
        yield x
        x = 5
        yield inner()
    return g
g = wrapf(7)
def many():
    out = []
    for i in range(3):
        out.append(list(g(i))); out.append(list(g(i, 3, 4, 5, d=1, z=2)))
        try: g()
        except TypeError as e: out.append(str(e))
        it = g(1); out.append((it.gi_frame.f_lineno, it.gi_frame.f_locals.keys() and sorted(it.gi_frame.f_locals), it.gi_code.co_name, it.gi_running, it.gi_suspended, it.__qualname__, it.gi_frame.f_back))
        it.close(); out.append(it.gi_frame)
        it = g(1)
        try: it.throw(ValueError("x"))
        except ValueError as e: out.append((str(e), [ (f.name, f.lineno) for f in __import__('traceback').extract_tb(e.__traceback__)]))
        try: g(1).send(3)
        except TypeError as e: out.append(str(e))
        out.append(any(x > 2 for x in range(5)))
        out.append(sum(x * i for x in range(5)))
    return out
for k in range(12):
    r = many()
    if k in (0, 11): print(r)
class L:
    def __del__(s): print("died")
def held(o): yield o
def f():
    h = held(L()); del h; print("after")
for k in range(10): f()
async def co(a, *b): return a, b
async def ag(n):
    for i in range(n): yield i
async def main():
    t = 0
    for i in range(50): t += (await co(i, 1))[0]
    async for x in ag(5): t += x
    return t, [x async for x in ag(3)]
print(asyncio.run(main()))
def unawaited():
    c = co(1); c.close()
    c = co(2); return sys.getrefcount(c), c.cr_frame is not None, c.cr_origin
for k in range(10): print(unawaited()[:2])
sys.set_coroutine_origin_tracking_depth(2)
def org():
    c = co(1); o = c.cr_origin; c.close(); return [x[2] for x in o]
for k in range(10): print(org())
sys.set_coroutine_origin_tracking_depth(0)
def deep(n):
    try: return deep(n + 1)
    except RecursionError: return list(held(n))
    finally: held(1).close()
print(len(deep(0)))
events = []
def tr(frame, event, arg):
    events.append((event, frame.f_code.co_name, frame.f_lineno)); return tr
def traced():
    sys.settrace(tr); list(held(1)); held(2).close(); sys.settrace(None)
for k in range(5):
    events.clear(); traced()
print(events)

# contextvars in functions, threads and copied contexts, with hot loops inside.
import contextvars
import threading

v = contextvars.ContextVar("v", default=0)


def bump(n):
    for _ in range(n):
        v.set(v.get() + 1)
    return v.get()


def isolated(n):
    ctx = contextvars.copy_context()
    a = ctx.run(bump, n)
    b = ctx.run(bump, n)
    return a, b, ctx[v], v.get()


def tokens():
    t = v.set(5)
    r = v.get()
    v.reset(t)
    return r, v.get()


def in_thread():
    out = []
    t = threading.Thread(target=lambda: out.append(bump(3)))
    t.start()
    t.join()
    return out


for _ in range(12):
    print(isolated(10), tokens(), in_thread())

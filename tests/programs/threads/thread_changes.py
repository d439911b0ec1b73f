# One thread changes globals, classes and flags on which a loop in another depends.
import sys
import threading

sys.setswitchinterval(1e-4)
stop = False
step = 1


class C:
    def m(self):
        return "old"


def spin():
    n = 0
    while not stop:
        n += step
    return n >= 0


def wait_for_method(c):
    while c.m() == "old":
        pass
    return c.m()


def wait_for_builtin():
    while len("abc") == 3:
        pass
    return len("abc")


class Box:
    value = None


def wait_for_attribute(box):
    while box.value is None:
        pass
    return box.value


def wait_for_list(l):
    while not l:
        pass
    return l[0]


def in_thread(function, *args):
    out = []
    t = threading.Thread(target=lambda: out.append(function(*args)))
    t.start()
    return t, out


for turn in range(3):
    stop, step = False, 1
    t, out = in_thread(spin)
    step = 2.5
    stop = True
    t.join()
    print(out)
    c = C()
    old = C.m
    t, out = in_thread(wait_for_method, c)
    C.m = lambda self: "new"
    t.join()
    C.m = old
    print(out)
    t, out = in_thread(wait_for_builtin)
    len = lambda x: "shadowed"
    t.join()
    del len
    print(out)
    box = Box()
    t, out = in_thread(wait_for_attribute, box)
    box.value = "set"
    t.join()
    print(out)
    l = []
    t, out = in_thread(wait_for_list, l)
    l.append("item")
    t.join()
    print(out)

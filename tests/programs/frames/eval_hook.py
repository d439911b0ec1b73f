# An extension sets a function that evaluates all frames (PEP 523), or `-X perf` does, while compiled code runs: the next
# call goes through it.
import sys
from probe import steady

try:
    from _testinternalcapi import set_eval_frame_default, set_eval_frame_record
except ImportError:
    print("no _testinternalcapi: nothing to see")
    raise SystemExit


def leaf(x):
    return x + 1


def inner(x):
    return leaf(x) + leaf(x)


class C:
    def __init__(self, v):
        self.v = v

    @property
    def p(self):
        return self.v

    def m(self):
        return leaf(self.v)


def in_a_loop(n):
    seen = []
    total = 0
    c = C(1)
    for i in range(n):
        total += inner(i) + c.p + c.m()
        if i == n // 2:
            set_eval_frame_record(seen)
        if i == n // 2 + 2:
            set_eval_frame_default()
    return total, seen


def switch(seen):
    set_eval_frame_record(seen)


def deeper(seen, n):
    if n:
        deeper(seen, n - 1)
    else:
        switch(seen)
    return leaf(n)


def called_from_below(n):
    seen = []
    deeper(seen, n)
    inner(1)
    set_eval_frame_default()
    inner(1)
    return seen


def perf(n):
    total = 0
    for i in range(n):
        total += inner(i)
        if i == n // 3:
            try:
                sys.activate_stack_trampoline("perf")
            except ValueError:   # not on this platform
                pass
        if i == n // 2:
            total += 0.5 if sys.is_stack_trampoline_active() in (True, False) else 0
            sys.deactivate_stack_trampoline()
    return total, sys.is_stack_trampoline_active()


steady(in_a_loop, 10)
steady(in_a_loop, 100)
steady(called_from_below, 3)
steady(perf, 30)

# The same edges with the operators inline in a hot loop, where the values may be unboxed.
from probe import steady


def climb(start, step, turns):
    x = start
    trace = 0
    for i in range(turns):
        x = x + step
        trace ^= x
    return x, trace


def fall(start, step, turns):
    x = start
    trace = 0
    for i in range(turns):
        x = x - step
        trace ^= x
    return x, trace


def square_up(x, turns):
    seen = []
    for i in range(turns):
        x = x * x + 1
        seen.append(x % 1000003)
    return seen


def countdown(n):
    total = 0
    while n:
        total += n
        n -= 1
    return total


for start in (0, 2**30 - 20, 2**60 - 20, 2**62 - 20, 2**63 - 20, 2**64 - 20, -(2**63) - 20, -20):
    steady(climb, start, 1, 40)
    steady(climb, start, 2**60, 40)
    steady(fall, start, 1, 40)
    steady(fall, start, 2**61, 40)
for x in (0, 1, 2, 3, -3, 255):
    steady(square_up, x, 9)
steady(countdown, 3000)

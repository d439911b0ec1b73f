# Loops at module level, long enough to be entered while they run; types change in the middle.
import sys

total = 0
for i in range(60000):
    total += i * 2
    if i % 3 == 0:
        total -= 1
    elif i % 5 == 0:
        continue
    total ^= i
print(total, i)

x = 0
while x < 60000:
    x += 1
    if x == 40000:
        x += 0.5
    if x > 59000:
        break
else:
    print("never")
print(x, type(x).__name__)

values = []
for i in range(30000):
    values.append(i if i < 20000 else str(i))
print(len(values), values[19999], values[20000])

s = 0
for v in values:
    if type(v) is str:
        s += len(v)
    else:
        s += v
print(s)

try:
    for i in range(50000):
        if i == 45000:
            raise KeyError(i)
        last = i
except KeyError as error:
    print("caught", error, last)

primes = [True] * 20000
for p in range(2, 142):
    if primes[p]:
        for q in range(p * p, 20000, p):
            primes[q] = False
print(sum(primes))

d = {}
for i in range(40000):
    k = i % 97
    d[k] = d.get(k, 0) + i
print(sum(d.values()), len(d))


class Body:
    t = 0
    for j in range(30000):
        t += j & 3
    del j


print(Body.t, sys.getrefcount(d) > 0)

# One function with several hot loops, each entered while it runs, sharing locals of changing types.
def work(n, kind):
    a = 0
    for i in range(n):
        a += i
    b = a / 3 if kind else a
    i = 0
    while i < n:
        b = b + i
        i += 1
        if i == n - 10 and kind == 2:
            b = str(b)
            break
    c = []
    for j in range(n):
        if j % 1000 == 0:
            c.append(b)
        d = j
    for k in range(n):
        for m in range(3):
            d += m ^ k
            if d > 10**6:
                d = 0
    try:
        for q in range(n):
            e = 100 // (n - 5 - q)
    except ZeroDivisionError:
        e = q
    with open("/dev/null") as f:
        for r in range(n):
            if r > n // 2:
                s = r
                break
    return a, type(b).__name__, len(c), c[-1], d, e, s, i


for kind in (0, 1, 2, 0):
    print(work(20000, kind))
for kind in (0, 1, 2):
    print(work(2000, kind))

# Tables in nested lists and dictionaries: edit distance, knapsack, longest subsequence, coins, paths.
from probe import steady


def edit(a, b):
    prev = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        row = [i]
        for j, cb in enumerate(b, 1):
            row.append(min(prev[j] + 1, row[j - 1] + 1, prev[j - 1] + (ca != cb)))
        prev = row
    return prev[-1]


def knapsack(items, cap):
    best = [0] * (cap + 1)
    for w, v in items:
        for c in range(cap, w - 1, -1):
            if best[c - w] + v > best[c]:
                best[c] = best[c - w] + v
    return best[cap]


def lcs(a, b):
    t = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            t[i + 1][j + 1] = t[i][j] + 1 if a[i] == b[j] else max(t[i][j + 1], t[i + 1][j])
    out, i, j = "", len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out = a[i - 1] + out
            i -= 1
            j -= 1
        elif t[i - 1][j] >= t[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return out


def coins(values, total, memo=None):
    memo = {} if memo is None else memo
    if total == 0:
        return 1
    if total < 0 or not values:
        return 0
    key = len(values), total
    if key not in memo:
        memo[key] = coins(values[1:], total, memo) + coins(values, total - values[0], memo)
    return memo[key]


def binomials(n):
    row = [1]
    for _ in range(n):
        row = [1] + [a + b for a, b in zip(row, row[1:])] + [1]
    return row[n // 2], sum(row)


steady(edit, "kitten sitting", "sitting kitten")
steady(knapsack, [(3, 4), (2, 3), (5, 8), (4, 5), (1, 1.5)], 11)
steady(lcs, "abcbdabzzq", "bdcabazq")
steady(coins, (1, 5, 10, 25), 100)
steady(binomials, 70)

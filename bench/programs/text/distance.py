"""Dynamic programming over strings: edit distance, longest common subsequence, knapsack."""

N = 100


def edit_distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = 0 if x == y else 1
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost))
        previous = current
    return previous[-1]


def common_subsequence(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            if a[i] == b[j]:
                table[i][j] = table[i + 1][j + 1] + 1
            elif table[i + 1][j] >= table[i][j + 1]:
                table[i][j] = table[i + 1][j]
            else:
                table[i][j] = table[i][j + 1]
    i = j = 0
    out = []
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            out.append(a[i])
            i += 1
            j += 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return "".join(out)


def knapsack(weights, values, room):
    best = [0] * (room + 1)
    for weight, value in zip(weights, values):
        for left in range(room, weight - 1, -1):
            candidate = best[left - weight] + value
            if candidate > best[left]:
                best[left] = candidate
    return best[room]


def run(n):
    a = "".join("abcde"[i * i % 5] for i in range(120))
    b = "".join("abcde"[i * 3 % 5] for i in range(100))
    weights = [i % 7 + 1 for i in range(30)]
    values = [i * 5 % 17 + 1 for i in range(30)]
    total = 0
    for k in range(n):
        total += edit_distance(a[k % 7 :], b)
        total += len(common_subsequence(a, b[k % 5 :]))
        total += knapsack(weights, values, 200 + k % 3)
    return total

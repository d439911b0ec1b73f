# Every order of a stack, turned over from the top until a 1 lies there: slices, permutations, while loops.
from probe import steady


def next_order(a):
    i = len(a) - 2
    while i >= 0 and a[i] > a[i + 1]:
        i -= 1
    if i < 0:
        return False
    j = len(a) - 1
    while a[j] < a[i]:
        j -= 1
    a[i], a[j] = a[j], a[i]
    a[i + 1 :] = a[:i:-1]
    return True


def turns(stack):
    stack = stack[:]
    n = 0
    while (top := stack[0]) != 1:
        stack[:top] = stack[top - 1 :: -1] if top == len(stack) else stack[:top][::-1]
        n += 1
    return n


def most(size):
    order = list(range(1, size + 1))
    best = total = 0
    while True:
        n = turns(order)
        total += n
        if n > best:
            best, witness = n, order[:]
        if not next_order(order):
            return best, total, witness


steady(most, 4)
print(most(7))

"""Queens on a board three ways: permutations by a generator, bit masks, back-tracking lists."""

N = 9


def permutations(items):
    items = list(items)
    n = len(items)
    indices = list(range(n))
    cycles = list(range(n, 0, -1))
    yield tuple(items)
    while n:
        for i in reversed(range(n)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple(items[k] for k in indices)
                break
        else:
            return


def by_permutation(n):
    columns = range(n)
    count = 0
    for p in permutations(columns):
        if n == len({p[i] + i for i in columns}) == len({p[i] - i for i in columns}):
            count += 1
    return count


def by_bits(n, row=0, left=0, right=0, used=0):
    full = (1 << n) - 1
    if used == full:
        return 1
    free = full & ~(left | right | used)
    count = 0
    while free:
        bit = free & -free
        free -= bit
        count += by_bits(n, row + 1, (left | bit) << 1, (right | bit) >> 1, used | bit)
    return count


def by_lists(n):
    solutions = 0
    board = []

    def safe(column):
        row = len(board)
        for other, placed in enumerate(board):
            if placed == column or row - other == abs(placed - column):
                return False
        return True

    def place():
        nonlocal solutions
        if len(board) == n:
            solutions += 1
            return
        for column in range(n):
            if safe(column):
                board.append(column)
                place()
                board.pop()

    place()
    return solutions


def run(n):
    return by_permutation(n - 1), by_bits(n + 1), by_lists(n)

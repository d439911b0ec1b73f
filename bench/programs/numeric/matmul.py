"""Dense matrices as lists of lists, and a sparse one by its compressed rows."""

N = 8

SIZE = 70


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def multiply_loops(a, b):
    size = len(a)
    out = [[0] * size for _ in range(size)]
    for i in range(size):
        row = a[i]
        target = out[i]
        for k in range(size):
            factor = row[k]
            other = b[k]
            for j in range(size):
                target[j] += factor * other[j]
    return out


def sparse_times(starts, columns, values, x, rounds):
    y = [0.0] * (len(starts) - 1)
    for _ in range(rounds):
        for row in range(len(y)):
            total = 0.0
            for k in range(starts[row], starts[row + 1]):
                total += x[columns[k]] * values[k]
            y[row] = total
    return y


def run(n):
    total = 0
    for _ in range(n):
        a = [[(i * j) % 7 for j in range(SIZE)] for i in range(SIZE)]
        b = [[(i + j) % 5 for j in range(SIZE)] for i in range(SIZE)]
        c = multiply_loops(a, b)
        assert c == multiply(a, b)
        total += sum(map(sum, c))
        size, each = 400, 10
        starts = [i * each for i in range(size + 1)]
        columns = [(i * 37 + k * 11) % size for i in range(size) for k in range(each)]
        values = [((i * 13) % 29) / 29.0 for i in range(size * each)]
        y = sparse_times(starts, columns, values, [1.0 + i / size for i in range(size)], 30)
    return total, repr(sum(y))

"""Successive over-relaxation on a square grid."""

N = 330

SIZE = 100


def relax(grid, omega, rounds):
    quarter = omega * 0.25
    rest = 1.0 - omega
    last = len(grid) - 1
    for _ in range(rounds):
        for i in range(1, last):
            row = grid[i]
            above = grid[i - 1]
            below = grid[i + 1]
            for j in range(1, last):
                row[j] = quarter * (above[j] + below[j] + row[j - 1] + row[j + 1]) + rest * row[j]


def run(n):
    grid = [[((i * 31 + j * 17) % 101) / 101.0 for j in range(SIZE)] for i in range(SIZE)]
    relax(grid, 1.25, n)
    return repr(sum(map(sum, grid)))

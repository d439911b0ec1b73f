# A depth-first search with copying of lists, early exits and exceptions.
from probe import steady


class Done(Exception):
    pass


def solve(grid):
    n = len(grid)
    rows = [set(r) - {0} for r in grid]
    cols = [{grid[r][c] for r in range(n)} - {0} for c in range(n)]
    holes = [(r, c) for r in range(n) for c in range(n) if grid[r][c] == 0]
    tries = 0

    def place(i):
        nonlocal tries
        if i == len(holes):
            raise Done([list(r) for r in grid])
        r, c = holes[i]
        for v in range(1, n + 1):
            tries += 1
            if v in rows[r] or v in cols[c]:
                continue
            grid[r][c] = v
            rows[r].add(v)
            cols[c].add(v)
            place(i + 1)
            grid[r][c] = 0
            rows[r].discard(v)
            cols[c].discard(v)

    try:
        place(0)
    except Done as d:
        return d.args[0], tries
    return None, tries


def puzzle(k):
    return solve([[1, 0, 0, 4], [0, 0, k, 0], [0, 3, 0, 0], [4, 0, 0, 0]])


for k in (1, 2, 4):
    steady(puzzle, k)
print(solve([[0] * 5 for _ in range(5)]))

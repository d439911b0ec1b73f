"""A puzzle on hexagons: each tile counts its filled neighbours; fill the board by pruning."""

N = 40

DIRECTIONS = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
EMPTY = 7  # a cell left without a tile


class Hex:
    def __init__(self, radius):
        self.radius = radius
        self.cells = []
        self.index = {}
        for q in range(-radius + 1, radius):
            for r in range(-radius + 1, radius):
                if abs(q + r) < radius:
                    self.index[q, r] = len(self.cells)
                    self.cells.append((q, r))
        self.links = [
            [self.index[q + dq, r + dr] for dq, dr in DIRECTIONS if (q + dq, r + dr) in self.index]
            for q, r in self.cells
        ]


class Done:
    """The possible values of each cell, with what is already fixed."""

    def __init__(self, count, cells=None):
        self.count = count
        self.cells = cells if cells is not None else [list(range(8)) for _ in range(count)]

    def clone(self):
        return Done(self.count, [list(values) for values in self.cells])

    def fixed(self, i):
        return len(self.cells[i]) == 1

    def filled(self, i):
        values = self.cells[i]
        return EMPTY not in values

    def empty(self, i):
        return self.cells[i] == [EMPTY]

    def remove(self, i, value):
        values = self.cells[i]
        if value in values:
            values.remove(value)
            return True
        return False

    def next_cell(self):
        best, size = -1, 99
        for i in range(self.count):
            length = len(self.cells[i])
            if 1 < length < size:
                best, size = i, length
        return best


class Puzzle:
    def __init__(self, hexes, tiles):
        self.hexes = hexes
        self.tiles = tiles
        self.steps = 0

    def prune(self, done):
        """Drop values that the neighbours or the tiles in hand rule out; False if stuck."""
        changed = True
        while changed:
            changed = False
            left = list(self.tiles)
            for i in range(done.count):
                if done.fixed(i):
                    value = done.cells[i][0]
                    left[value] -= 1
                    if left[value] < 0:
                        return False
            for i in range(done.count):
                if not done.cells[i]:
                    return False
                if done.fixed(i):
                    continue
                low = high = 0
                for other in self.hexes.links[i]:
                    if done.filled(other):
                        low += 1
                        high += 1
                    elif not done.empty(other):
                        high += 1
                for value in list(done.cells[i]):
                    wrong = left[value] == 0 or (value != EMPTY and not low <= value <= high)
                    if wrong and done.remove(i, value):
                        changed = True
            for i in range(done.count):
                if not done.fixed(i) or done.empty(i):
                    continue
                want = done.cells[i][0]
                low = high = 0
                for other in self.hexes.links[i]:
                    if done.filled(other):
                        low += 1
                        high += 1
                    elif not done.empty(other):
                        high += 1
                if not low <= want <= high:
                    return False
                if low == want != high:
                    for other in self.hexes.links[i]:
                        if not done.filled(other) and not done.empty(other):
                            done.cells[other] = [EMPTY]
                            changed = True
                elif high == want != low:
                    for other in self.hexes.links[i]:
                        if not done.filled(other) and not done.empty(other):
                            if done.remove(other, EMPTY):
                                changed = True
        return True

    def solve(self, done):
        self.steps += 1
        if not self.prune(done):
            return None
        cell = done.next_cell()
        if cell < 0:
            return done
        for value in done.cells[cell]:
            trial = done.clone()
            trial.cells[cell] = [value]
            solved = self.solve(trial)
            if solved is not None:
                return solved
        return None


def make_tiles(hexes, filled):
    tiles = [0] * 8
    for i in range(len(hexes.cells)):
        if i in filled:
            tiles[sum(other in filled for other in hexes.links[i])] += 1
        else:
            tiles[EMPTY] += 1
    return tiles


def run(n):
    hexes = Hex(3)
    results = []
    for seed in range(1, n + 1):
        filled = {i for i in range(len(hexes.cells)) if (i * 7 + seed * 5) % 11 > 3}
        puzzle = Puzzle(hexes, make_tiles(hexes, filled))
        solution = puzzle.solve(Done(len(hexes.cells)))
        results.append((puzzle.steps, [values[0] for values in solution.cells]))
    return [(steps, sum(i * v for i, v in enumerate(values))) for steps, values in results]

# Sets, random playouts with an own generator, neighbours lists, union of groups.
from probe import steady

SIZE = 5


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % n


def neighbours(p):
    x, y = p % SIZE, p // SIZE
    return [
        (x + dx) + (y + dy) * SIZE
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
        if 0 <= x + dx < SIZE and 0 <= y + dy < SIZE
    ]


NEIGHBOURS = [neighbours(p) for p in range(SIZE * SIZE)]


def group(board, p):
    seen, liberties, todo = {p}, set(), [p]
    while todo:
        for n in NEIGHBOURS[todo.pop()]:
            if board[n] == 0:
                liberties.add(n)
            elif board[n] == board[p] and n not in seen:
                seen.add(n)
                todo.append(n)
    return seen, liberties


def playout(seed, moves):
    random, board, captured, colour = Random(seed), [0] * (SIZE * SIZE), 0, 1
    for _ in range(moves):
        empty = [p for p, c in enumerate(board) if c == 0]
        if not empty:
            break
        p = empty[random.below(len(empty))]
        board[p] = colour
        for n in NEIGHBOURS[p]:
            if board[n] == 3 - colour:
                stones, liberties = group(board, n)
                if not liberties:
                    captured += len(stones)
                    for s in stones:
                        board[s] = 0
        if not group(board, p)[1]:
            board[p] = 0
        colour = 3 - colour
    return board, captured


steady(playout, 7, 40)
print([playout(s, 60)[1] for s in range(40)])

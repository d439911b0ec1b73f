"""Random play-outs on a 9 by 9 Go board with union-find groups, and a small tree search."""

import random

N = 50

SIZE = 9
POINTS = SIZE * SIZE
EMPTY, BLACK, WHITE = 0, 1, 2


def neighbours_of(point):
    y, x = divmod(point, SIZE)
    result = []
    if y:
        result.append(point - SIZE)
    if y < SIZE - 1:
        result.append(point + SIZE)
    if x:
        result.append(point - 1)
    if x < SIZE - 1:
        result.append(point + 1)
    return result


NEIGHBOURS = [neighbours_of(p) for p in range(POINTS)]


class Square:
    def __init__(self, board, pos):
        self.board = board
        self.pos = pos
        self.colour = EMPTY
        self.group = None

    def set_neighbours(self):
        self.neighbours = [self.board.squares[p] for p in NEIGHBOURS[self.pos]]


class Group:
    def __init__(self, colour, stone):
        self.colour = colour
        self.stones = [stone]

    def liberties(self, enough=2):
        seen = set()
        for stone in self.stones:
            for other in stone.neighbours:
                if other.colour == EMPTY:
                    seen.add(other.pos)
                    if len(seen) >= enough:
                        return len(seen)
        return len(seen)

    def merge(self, other):
        for stone in other.stones:
            stone.group = self
        self.stones += other.stones


class Board:
    def __init__(self):
        self.squares = [Square(self, p) for p in range(POINTS)]
        for square in self.squares:
            square.set_neighbours()
        self.empty = set(range(POINTS))
        self.turn = BLACK
        self.captured = [0, 0, 0]
        self.ko = None
        self.history = []

    def legal(self, pos):
        square = self.squares[pos]
        if square.colour != EMPTY or pos == self.ko:
            return False
        mine = self.turn
        for other in square.neighbours:
            if other.colour == EMPTY:
                return True
            if other.colour == mine:
                if other.group.liberties(2) > 1:
                    return True
            else:
                if other.group.liberties(2) == 1:
                    return True
        return False

    def eye(self, pos):
        return all(other.colour == self.turn for other in self.squares[pos].neighbours)

    def play(self, pos):
        square = self.squares[pos]
        mine = self.turn
        square.colour = mine
        square.group = Group(mine, square)
        self.empty.discard(pos)
        taken = []
        for other in square.neighbours:
            if other.colour == mine and other.group is not square.group:
                big, small = other.group, square.group
                if len(big.stones) < len(small.stones):
                    big, small = small, big
                big.merge(small)
        for other in square.neighbours:
            if other.colour not in (EMPTY, mine) and other.group.liberties(1) == 0:
                for stone in other.group.stones:
                    stone.colour = EMPTY
                    stone.group = None
                    self.empty.add(stone.pos)
                    taken.append(stone.pos)
        self.captured[mine] += len(taken)
        self.ko = taken[0] if len(taken) == 1 and len(square.group.stones) == 1 else None
        self.turn = BLACK + WHITE - mine
        self.history.append(pos)

    def random_move(self, generator):
        choices = sorted(self.empty)
        while choices:
            index = int(generator.random() * len(choices))
            pos = choices[index]
            choices[index] = choices[-1]
            choices.pop()
            if not self.eye(pos) and self.legal(pos):
                return pos
        return None

    def score(self):
        result = [0, 0, 0]
        for square in self.squares:
            if square.colour != EMPTY:
                result[square.colour] += 1
            else:
                colours = {other.colour for other in square.neighbours}
                if len(colours) == 1:
                    result[colours.pop()] += 1
        return result[BLACK] - result[WHITE] - 5.5


def play_out(moves, generator):
    board = Board()
    for pos in moves:
        if board.legal(pos):
            board.play(pos)
    passes = 0
    while passes < 2 and len(board.history) < 3 * POINTS:
        pos = board.random_move(generator)
        if pos is None:
            passes += 1
            board.turn = BLACK + WHITE - board.turn
        else:
            passes = 0
            board.play(pos)
    return board


def run(n):
    generator = random.Random(7)
    wins = {}
    moves = 0
    for first in (40, 20, 24, 0):
        won = 0
        for _ in range(n):
            board = play_out([first], generator)
            moves += len(board.history)
            won += board.score() > 0
        wins[first] = won
    return wins, moves

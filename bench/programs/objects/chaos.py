"""The chaos game along a B-spline: points with operators, knots, random choices."""

import math
import random

N = 20_000


class Vec:
    def __init__(self, x=0.0, y=0.0, z=0.0):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        if not isinstance(other, Vec):
            return NotImplemented
        return Vec(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y, self.z - other.z)

    def length(self):
        return math.sqrt(self.x**2 + self.y**2 + self.z**2)

    def blend(self, other, amount):
        rest = 1.0 - amount
        return Vec(
            self.x * rest + other.x * amount,
            self.y * rest + other.y * amount,
            self.z * rest + other.z * amount,
        )


class Spline:
    """A uniform B-spline of some degree, by de Boor's recurrence."""

    def __init__(self, points, degree=3):
        self.points = list(points)
        self.degree = degree
        last = len(points) - degree
        self.knots = [0] * degree + list(range(last + 1)) + [last] * degree

    def domain(self):
        return self.knots[self.degree], self.knots[len(self.knots) - self.degree - 1]

    def span(self, u):
        for i in range(self.degree, len(self.knots) - self.degree - 1):
            if self.knots[i] <= u < self.knots[i + 1]:
                return i
        return len(self.knots) - self.degree - 2

    def __call__(self, u):
        k = self.span(u)
        d = [self.points[j + k - self.degree] for j in range(self.degree + 1)]
        for r in range(1, self.degree + 1):
            for j in range(self.degree, r - 1, -1):
                low = self.knots[j + k - self.degree]
                high = self.knots[j + 1 + k - r]
                amount = (u - low) / (high - low)
                d[j] = d[j - 1].blend(d[j], amount)
        return d[self.degree]


class Game:
    def __init__(self, splines, thickness):
        self.splines = splines
        self.thickness = thickness
        self.lengths = [self.measure(s) for s in splines]
        self.total = sum(self.lengths)

    @staticmethod
    def measure(spline, pieces=80):
        low, high = spline.domain()
        step = (high - low) / pieces
        total = 0.0
        last = spline(low)
        for i in range(1, pieces):
            point = spline(low + i * step)
            total += (point - last).length()
            last = point
        return total

    def choose(self, generator):
        r = generator.random() * self.total
        for index, length in enumerate(self.lengths):
            if r < length:
                return index
            r -= length
        return len(self.lengths) - 1

    def step(self, point, generator):
        spline = self.splines[self.choose(generator)]
        low, high = spline.domain()
        u = low + (high - low) * min(max(point.x, 0.0), 0.999999)
        base = spline(u)
        derivative = spline(min(u + 0.01, high - 1e-9)) - base
        size = derivative.length() or 1.0
        shift = (point.y - 0.5) * self.thickness
        return Vec(
            (base.x - derivative.y / size * shift) % 1.0,
            (base.y + derivative.x / size * shift) % 1.0,
        )


def run(n):
    generator = random.Random(1234)
    splines = [
        Spline([Vec(0.2 + 0.1 * i, 0.3 + 0.2 * ((i * s) % 3)) for i in range(6)]) for s in (1, 2, 4)
    ]
    game = Game(splines, 0.25)
    grid = [[0] * 40 for _ in range(40)]
    point = Vec(0.5, 0.5)
    for _ in range(n):
        point = game.step(point, generator)
        grid[int(point.y * 40)][int(point.x * 40)] += 1
    return sum(i * v for i, row in enumerate(grid) for v in row), sum(v > 0 for row in grid for v in row)

# Splines, properties, random points, integer keys from floats.
from probe import steady


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x=0.0, y=0.0):
        self.x, self.y = x, y

    def dist(self, o):
        return ((self.x - o.x) ** 2 + (self.y - o.y) ** 2) ** 0.5

    def lerp(self, o, t):
        return Point(o.x + (self.x - o.x) * t, o.y + (self.y - o.y) * t)


class Spline:
    def __init__(self, points, degree=2):
        self.points, self.degree = points, degree
        self.knots = [0] * degree + list(range(len(points) - degree + 1)) + [len(points) - degree] * degree

    @property
    def domain(self):
        return self.knots[self.degree], self.knots[len(self.knots) - self.degree - 1]

    def __call__(self, u):
        k = self.degree
        for i in range(self.degree, len(self.knots) - self.degree):
            if self.knots[i] <= u < self.knots[i + 1]:
                k = i
                break
        else:
            return self.points[-1]
        d = [self.points[k - self.degree + i] for i in range(self.degree + 1)]
        for r in range(1, self.degree + 1):
            for j in range(self.degree, r - 1, -1):
                lo, hi = self.knots[j + k - self.degree], self.knots[j + 1 + k - r]
                t = (u - lo) / (hi - lo) if hi != lo else 0
                d[j] = d[j].lerp(d[j - 1], t)
        return d[self.degree]


def run(n):
    s = Spline([Point(i * 1.5, (i * i) % 5) for i in range(7)])
    lo, hi = s.domain
    seen = {}
    total = 0.0
    last = s(lo)
    for i in range(n):
        p = s(lo + (hi - lo) * i / n)
        total += p.dist(last)
        last = p
        key = int(p.x), int(p.y)
        seen[key] = seen.get(key, 0) + 1
    return total.hex(), sorted(seen.items())[:6]


steady(run, 60)
print(run(1500)[0])

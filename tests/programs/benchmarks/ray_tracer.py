# Vectors as immutable objects with operators, isinstance and floats.
from probe import steady


class Vector:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def __add__(self, other):
        if isinstance(other, Vector):
            return Vector(self.x + other.x, self.y + other.y, self.z + other.z)
        raise TypeError("vector needed")

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def scale(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def magnitude(self):
        return self.dot(self) ** 0.5

    def normalised(self):
        return self.scale(1.0 / self.magnitude())


class Sphere:
    def __init__(self, centre, radius):
        self.centre, self.radius = centre, radius

    def hit(self, origin, direction):
        cp = self.centre - origin
        v = cp.dot(direction)
        d = self.radius * self.radius - (cp.dot(cp) - v * v)
        return None if d < 0 else v - d**0.5

    def normal(self, p):
        return (p - self.centre).normalised()


class Floor:
    def __init__(self, base, normal):
        self.base, self.n = base, normal

    def hit(self, origin, direction):
        v = direction.dot(self.n)
        return (self.base - origin).dot(self.n) / v if v else None

    def normal(self, p):
        return self.n


def render(w, h):
    things = [Sphere(Vector(0, 0, 10), 2), Sphere(Vector(2.5, 1, 8), 1.5), Floor(Vector(0, -2, 0), Vector(0, 1, 0))]
    light = Vector(3, 5, -2).normalised()
    rows = []
    for y in range(h):
        row = ""
        for x in range(w):
            direction = Vector((x - w / 2) / w, (h / 2 - y) / h, 1).normalised()
            best = None
            for t in things:
                d = t.hit(Vector(0, 0, 0), direction)
                if d is not None and d > 0 and (best is None or d < best[0]):
                    best = d, t
            if best is None:
                row += " "
            else:
                p = direction.scale(best[0])
                row += ".:-=+*#%@"[max(0, min(8, int(best[1].normal(p).dot(light) * 9)))]
        rows.append(row)
    return rows


steady(render, 16, 8)
print("\n".join(render(60, 24)))

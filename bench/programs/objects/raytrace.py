"""Spheres over a chequered floor: vectors, polymorphic surfaces, reflections."""

import math

N = 120


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def normal(self):
        return self * (1.0 / math.sqrt(self.dot(self)))

    def reflect(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.normal()

    def at(self, t):
        return self.origin + self.direction * t


class Sphere:
    def __init__(self, centre, radius, colour, mirror=0.3):
        self.centre = centre
        self.radius = radius
        self.base = colour
        self.mirror = mirror

    def hit(self, ray):
        offset = self.centre - ray.origin
        along = offset.dot(ray.direction)
        square = self.radius * self.radius - (offset.dot(offset) - along * along)
        if square < 0:
            return None
        return along - math.sqrt(square)

    def normal_at(self, point):
        return (point - self.centre).normal()

    def colour_at(self, point):
        return self.base


class Floor:
    mirror = 0.1

    def __init__(self, height):
        self.height = height
        self.up = Vector(0.0, 1.0, 0.0)

    def hit(self, ray):
        slope = ray.direction.y
        if abs(slope) < 1e-9:
            return None
        return (self.height - ray.origin.y) / slope

    def normal_at(self, point):
        return self.up

    def colour_at(self, point):
        if (math.floor(point.x) + math.floor(point.z)) % 2:
            return (0.9, 0.9, 0.9)
        return (0.1, 0.1, 0.1)


class Scene:
    def __init__(self):
        self.things = []
        self.lights = []
        self.rays = 0

    def first_hit(self, ray):
        best = None
        nearest = 1e30
        for thing in self.things:
            distance = thing.hit(ray)
            if distance is not None and 1e-6 < distance < nearest:
                best = thing
                nearest = distance
        return best, nearest

    def lit(self, point, light):
        ray = Ray(point, light - point)
        return self.first_hit(ray)[0] is None

    def colour(self, ray, depth):
        self.rays += 1
        thing, distance = self.first_hit(ray)
        if thing is None:
            return (0.2, 0.3, 0.5)
        point = ray.at(distance)
        normal = thing.normal_at(point)
        red, green, blue = thing.colour_at(point)
        shade = 0.2
        for light in self.lights:
            if self.lit(point, light):
                shade += max(0.0, (light - point).normal().dot(normal)) * 0.7
        if depth and thing.mirror:
            other = self.colour(Ray(point, ray.direction.reflect(normal)), depth - 1)
            m = thing.mirror
            return tuple(c * shade * (1 - m) + o * m for c, o in zip((red, green, blue), other))
        return red * shade, green * shade, blue * shade


def run(n):
    scene = Scene()
    for i in range(5):
        scene.things.append(Sphere(Vector(i * 2.0 - 4.0, 0.5 + i % 2, 8.0 + i), 1.0, (0.2 * i, 0.5, 1.0 - 0.2 * i)))
    scene.things.append(Floor(-0.5))
    scene.lights.append(Vector(5.0, 10.0, -2.0))
    scene.lights.append(Vector(-6.0, 8.0, 1.0))
    eye = Vector(0.0, 1.5, -4.0)
    sums = [0.0, 0.0, 0.0]
    for y in range(n):
        for x in range(n):
            direction = Vector((x - n / 2) / n, (n / 2 - y) / n, 1.0)
            for i, value in enumerate(scene.colour(Ray(eye, direction), 2)):
                sums[i] += value
    return [f"{s:.9f}" for s in sums], scene.rays

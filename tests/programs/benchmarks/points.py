# Many small objects with slots of floats: made, changed in place, compared, dropped.
from math import cos, sin
from probe import steady


class Particle:
    __slots__ = ("x", "v", "age")

    def __init__(self, k):
        self.x = sin(k) * 2
        self.v = cos(k)
        self.age = 0

    def move(self, dt):
        self.x += self.v * dt
        if self.x > 1.0 or self.x < -1.0:
            self.v = -self.v
            self.age += 1
        return self.age < 6

    def energy(self):
        return self.v * self.v / 2 + self.x**2


def run(n, steps):
    alive = [Particle(k) for k in range(n)]
    born = n
    for _ in range(steps):
        alive = [p for p in alive if p.move(0.125)]
        if len(alive) < n:
            alive.append(Particle(born))
            born += 1
    hottest = alive[0]
    for p in alive:
        if p.energy() > hottest.energy():
            hottest = p
    return born, len(alive), hottest.x.hex(), sum(p.age for p in alive)


steady(run, 10, 20)
print(run(60, 150))

"""The outer planets under gravity, advanced by a symplectic step."""

import math

N = 60_000

DAYS = 365.24
SOLAR_MASS = 4 * math.pi * math.pi

# x, y, z, vx, vy, vz (per day), mass in suns
PLANETS = {
    "sun": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    "jupiter": (4.8414, -1.1603, -0.1036, 0.00166, 0.00769, -0.0000690, 9.5479e-4),
    "saturn": (8.3433, 4.1247, -0.4035, -0.00276, 0.00499, 0.0000230, 2.8588e-4),
    "uranus": (12.8943, -15.1111, -0.2233, 0.00296, 0.00237, -0.0000296, 4.3662e-5),
    "neptune": (15.3796, -25.9193, 0.1792, 0.00268, 0.00162, -0.0000951, 5.1513e-5),
}


def make_bodies():
    bodies = []
    for x, y, z, vx, vy, vz, mass in PLANETS.values():
        bodies.append(([x, y, z], [vx * DAYS, vy * DAYS, vz * DAYS], mass * SOLAR_MASS))
    return bodies


def offset_momentum(bodies):
    px = py = pz = 0.0
    for _, (vx, vy, vz), mass in bodies:
        px += vx * mass
        py += vy * mass
        pz += vz * mass
    velocity = bodies[0][1]
    velocity[0] = -px / SOLAR_MASS
    velocity[1] = -py / SOLAR_MASS
    velocity[2] = -pz / SOLAR_MASS


def energy(bodies, pairs):
    total = 0.0
    for (p, _, m), (q, _, n) in pairs:
        dx, dy, dz = p[0] - q[0], p[1] - q[1], p[2] - q[2]
        total -= m * n / math.sqrt(dx * dx + dy * dy + dz * dz)
    for _, (vx, vy, vz), mass in bodies:
        total += 0.5 * mass * (vx * vx + vy * vy + vz * vz)
    return total


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for (p, v, m), (q, w, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            magnitude = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            a = n * magnitude
            b = m * magnitude
            v[0] -= dx * a
            v[1] -= dy * a
            v[2] -= dz * a
            w[0] += dx * b
            w[1] += dy * b
            w[2] += dz * b
        for p, v, _ in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def run(n):
    bodies = make_bodies()
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    offset_momentum(bodies)
    before = energy(bodies, pairs)
    advance(bodies, pairs, 0.01, n)
    return repr(before), repr(energy(bodies, pairs))

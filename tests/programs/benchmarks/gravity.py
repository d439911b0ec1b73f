# Masses which attract each other: floats in lists, pairs by nested ranges, powers.
from probe import steady


def start(n):
    return [
        [1.0 + i * 0.75, i * i * 0.25 - 1.0, 0.5 - i * 0.1, 0.0, 0.3 - 0.1 * i, 0.02 * i, 1.0 / (1 + i)]
        for i in range(n)
    ]


def step(masses, dt):
    for i in range(len(masses)):
        p = masses[i]
        for j in range(i):
            q = masses[j]
            gap = [p[k] - q[k] for k in range(3)]
            pull = dt / (gap[0] ** 2 + gap[1] ** 2 + gap[2] ** 2 + 0.001) ** 1.5
            for k in (0, 1, 2):
                p[3 + k] -= gap[k] * q[6] * pull
                q[3 + k] += gap[k] * p[6] * pull
    for m in masses:
        for k in range(3):
            m[k] += m[k + 3] * dt


def momentum(masses):
    return [sum(m[k] * m[6] for m in masses).hex() for k in (3, 4, 5)]


def run(n, steps):
    masses = start(n)
    for _ in range(steps):
        step(masses, 0.01)
    return momentum(masses), masses[0][0].hex()


steady(run, 4, 20)
print(run(5, 900))

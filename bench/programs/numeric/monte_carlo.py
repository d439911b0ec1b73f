"""Pi from points in a square, with a lagged generator of its own."""

N = 500_000


class Random:
    """A lagged Fibonacci generator over 31-bit integers."""

    MASK = (1 << 31) - 1

    def __init__(self, seed):
        state = []
        value = seed
        for _ in range(17):
            value = (value * 9069 + 13) & self.MASK
            state.append(value)
        self.state = state
        self.i = 4
        self.j = 16

    def next(self):
        state = self.state
        i, j = self.i, self.j
        value = state[i] - state[j]
        if value < 0:
            value += self.MASK
        state[j] = value
        self.i = i - 1 if i else 16
        self.j = j - 1 if j else 16
        return value * 4.656612875245797e-10


def integrate(samples):
    random = Random(113)
    inside = 0
    for _ in range(samples):
        x = random.next()
        y = random.next()
        if x * x + y * y <= 1.0:
            inside += 1
    return 4.0 * inside / samples


def run(n):
    return repr(integrate(n))

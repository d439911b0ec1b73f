# A class changed thousands of times: its version tags run out, results must not.
from probe import steady


class V:
    x = 0

    def get(self):
        return self.x


def churn(n):
    v = V()
    total = 0
    for i in range(n):
        V.x = i
        total += v.x + v.get()
    return total


def churn_method(n):
    v = V()
    total = 0
    for i in range(n):
        V.get = (lambda self: 1) if i & 1 else (lambda self: 2)
        total += v.get()
    return total


steady(churn, 700)
steady(churn_method, 300)

# Functions, classes, comprehensions and lambdas nested in each other five deep, with names of all scopes.
from probe import steady

g = "global"


def outer(a):
    b = [a]

    def middle(c, *d, e=5, **f):
        h = (c, d, e, sorted(f))

        class K:
            i = h
            j = [x for x in d]

            def method(self, k=b):
                return [
                    lambda m, n=o: (a, c, e, g, k, m, n, self.i[0], [p + o for p in range(e - 3)]) for o in range(2)
                ]

        return K().method()

    return [fn(q) for fn in middle(1, 2, 3, z=4) for q in (lambda r: [r, r * 2])(a)]


def recursive_closure(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)

    memo = {}

    def fib(k):
        if k not in memo:
            memo[k] = k if k < 2 else fib(k - 1) + fib(k - 2)
        return memo[k]

    return fact(n), fib(n * 3), len(memo)


def generator_of_functions(n):
    def make():
        total = 0
        for i in range(n):

            def f(x, i=i):
                nonlocal total
                total += x * i
                return total

            yield f

    return [f(10) for f in make()]


steady(outer, 7)
steady(outer, 2.5)
steady(recursive_closure, 9)
steady(generator_of_functions, 5)

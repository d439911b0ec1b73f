# Plain, mutual and closure recursion, and its results at depth.
from probe import steady


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def make_depth():
    def depth(tree):
        return 0 if tree is None else 1 + max(depth(tree[0]), depth(tree[1]))

    return depth


def build(n):
    return None if n == 0 else (build(n - 1), build(n - 2) if n > 1 else None)


def hanoi(n, a, b, c, moves):
    if n:
        hanoi(n - 1, a, c, b, moves)
        moves.append(a + c)
        hanoi(n - 1, b, a, c, moves)
    return moves


def float_fib(n):
    return n if n < 2.0 else float_fib(n - 1.0) + float_fib(n - 2.0)


steady(fib, 13)
steady(even, 200)
steady(ackermann, 2, 4)
steady(make_depth(), build(9))
steady(hanoi, 4, "a", "b", "c", [])
steady(float_fib, 9.0)
print(fib(18))

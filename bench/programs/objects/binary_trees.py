"""Allocate and walk many binary trees, of objects and of tuples."""

N = 16


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Node(None, None)
    depth -= 1
    return Node(build(depth), build(depth))


def build_tuple(depth):
    if depth == 0:
        return (None, None)
    return (build_tuple(depth - 1), build_tuple(depth - 1))


def count_tuple(tree):
    left, right = tree
    return 1 if left is None else 1 + count_tuple(left) + count_tuple(right)


def run(n):
    kept = build(n)
    total = 0
    for depth in range(4, n + 1, 2):
        for _ in range(1 << (n - depth)):
            total += build(depth).count()
            total += count_tuple(build_tuple(depth))
    return total, kept.count()

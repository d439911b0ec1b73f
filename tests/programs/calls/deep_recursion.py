# A very deep chain of Python calls, far past what a C stack of 8 MB would hold at a C frame a call.
import sys
from probe import outcome

sys.setrecursionlimit(120_000)


def deep(n):
    if n == 0:
        return 0
    return deep(n - 1) + 1


class Node:
    def __init__(self, next):
        self.next = next

    def length(self):
        return 1 if self.next is None else 1 + self.next.length()


for depth in (10, 1000, 20_000, 100_000, 50):
    print(depth, deep(depth))
chain = None
for _ in range(50_000):
    chain = Node(chain)
print(chain.length())
while chain is not None:
    chain = chain.next
sys.setrecursionlimit(1000)
print(outcome(deep, 5000))

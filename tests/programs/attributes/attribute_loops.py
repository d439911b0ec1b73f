# Object programs in the small: the loops benchmarks are made of.
from probe import steady


class Vec:
    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y, self.z + o.z)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z


class Body:
    def __init__(self, pos, vel, mass):
        self.pos, self.vel, self.mass = pos, vel, mass


def simulate(steps):
    bodies = [Body(Vec(i * 1.0, i * 0.5, -i * 0.25), Vec(0.0, 0.1 * i, 0.0), 1.0 + i) for i in range(4)]
    for _ in range(steps):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1 :]:
                d = a.pos + b.pos * -1
                r = (d.dot(d) + 0.01) ** 1.5
                a.vel = a.vel + d * (-b.mass / r * 0.01)
                b.vel = b.vel + d * (a.mass / r * 0.01)
        for b in bodies:
            b.pos = b.pos + b.vel * 0.01
    return sum(b.vel.dot(b.vel) * b.mass for b in bodies).hex()


class Stack:
    def __init__(self):
        self.items = []
        self.high = 0

    def push(self, x):
        self.items.append(x)
        if len(self.items) > self.high:
            self.high = len(self.items)

    def pop(self):
        return self.items.pop()


def rpn(text):
    s = Stack()
    for token in text.split():
        if token in "+-*":
            b, a = s.pop(), s.pop()
            s.push(a + b if token == "+" else a - b if token == "-" else a * b)
        else:
            s.push(int(token))
    return s.pop(), s.high


class Node:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None


class Tree:
    root = None

    def insert(self, key):
        if self.root is None:
            self.root = Node(key)
            return True
        node = self.root
        while True:
            if key == node.key:
                return False
            if key < node.key:
                if node.left is None:
                    node.left = Node(key)
                    return True
                node = node.left
            else:
                if node.right is None:
                    node.right = Node(key)
                    return True
                node = node.right

    def walk(self, node, out):
        if node:
            self.walk(node.left, out)
            out.append(node.key)
            self.walk(node.right, out)
        return out


def tree(n):
    t = Tree()
    x = 7
    added = 0
    for _ in range(n):
        x = (x * 1103515245 + 12345) % 1009
        added += t.insert(x)
    keys = t.walk(t.root, [])
    return added, keys == sorted(keys), keys[:5]


steady(simulate, 12)
steady(rpn, "3 4 + 5 * 2 - 7 8 * +")
steady(tree, 200)

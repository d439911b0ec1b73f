# A function that a local shows is called through it: whoever calls holds it once, so it dies with its last user.
import gc


class Reader:
    def __init__(self, read):
        self.read = read

    def enter(self):
        read = self.read
        value = read()
        if value is None:
            read()
        return value


def serve(n):
    def read():
        return n if n % 7 else None

    return Reader(read).enter()


for turn in range(3):
    for n in range(400):
        serve(n)
    gc.collect()
    print(sum(getattr(o, "__qualname__", "") == "serve.<locals>.read" for o in gc.get_objects()))

# An unboxed number becomes an object for an inner loop, in two locals; each of the two references is given up.
import sys


def shared(n):
    for i in range(3):
        x = i * 0.5
        w = x
        for j in range(n):
            if j == 12:
                w = "a"
    return x, w


for turn in range(300):
    shared(20)
before = sys.getallocatedblocks()
for turn in range(3000):
    result = shared(20)
print(result, sys.getallocatedblocks() - before < 500)

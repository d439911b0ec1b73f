# SystemExit with a status, out of nested try blocks; atexit and finally run.
import atexit
import sys


def leave(n):
    try:
        for i in range(n):
            if i == n - 1:
                sys.exit(7)
    finally:
        print("finally")


atexit.register(print, "atexit")
for _ in range(12):
    try:
        leave(5)
    except SystemExit as e:
        print(e.code)
leave(30)

# An exception that leaves the program: the traceback on standard error and the exit status.
def level(n):
    if n == 0:
        raise ValueError("the end")
    try:
        level(n - 1)
    except KeyError:
        pass


def loop():
    total = 0
    for i in range(50):
        total += i
        try:
            if i == 40:
                level(3)
        finally:
            total += 1


loop()
